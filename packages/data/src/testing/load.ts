import { createKit, definePlugin, Tokens, type DataLoader, type DataSplits, type Files, type SlotConfig } from '@temper/core';
import { data } from '../index.js';

type Config = SlotConfig<(typeof data.provides)[number], 'data'>;

/** The loader of a config of this package's data sets, with these files. */
export function loaderOf(config: Config, files: Files): DataLoader {
  const given = definePlugin({ name: 'files', services: (container) => void container.bind(Tokens.Files).toConstantValue(files) });
  return createKit({ plugins: [data, given] }).data(config);
}

/** What a config of this package's data sets loads, with these files. */
export const load = async (config: Config, files: Files): Promise<DataSplits> => loaderOf(config, files)();
