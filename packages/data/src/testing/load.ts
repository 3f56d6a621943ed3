import { createKit, definePlugin, Tokens, type DataSplits, type Files, type SlotConfig } from '@temper/core';
import { data } from '../index.js';

type Config = SlotConfig<(typeof data.provides)[number], 'data'>;

/** What a config of this package's data sets loads, with these files. */
export async function load(config: Config, files: Files): Promise<DataSplits> {
  const given = definePlugin({ name: 'files', services: (container) => void container.bind(Tokens.Files).toConstantValue(files) });
  return createKit({ plugins: [data, given] }).data(config)();
}
