import { createKit, type Kit } from '@temper/core';
import { withStandard } from '../standard.js';
import { loadConfig } from './load.js';

/** The kit of a config's plug-ins, or of the standard ones alone where no config is named. */
export async function loadKit(path: string | undefined): Promise<Kit> {
  const plugins = path === undefined ? [] : (await loadConfig(path)).plugins;
  return createKit({ plugins: withStandard(plugins) });
}
