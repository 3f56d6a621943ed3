import { createKit, type Kit } from '@temper/core';
import { withStandard } from '../standard.js';
import { defaultConfig } from './find.js';
import { loadConfig } from './load.js';

/** The kit of the plug-ins of the config named, else of the config of the working folder, else of the standard plug-ins alone. */
export async function loadKit(path = defaultConfig()): Promise<Kit> {
  const plugins = path === undefined ? [] : (await loadConfig(path)).plugins;
  return createKit({ plugins: withStandard(plugins) });
}
