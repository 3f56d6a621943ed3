import { createKit, type Kit } from '@temper/core';
import { withStandard } from '../standard.js';
import { defaultConfig } from './find.js';
import { loadConfig } from './load.js';

/**
 * Creates the kit with the plug-ins of the named config, else of the config of the working folder, else with the standard plug-ins alone.
 */
export async function loadKit(path = defaultConfig()): Promise<Kit> {
  const plugins = path === undefined ? [] : (await loadConfig(path)).plugins;
  return createKit({ plugins: withStandard(plugins) });
}
