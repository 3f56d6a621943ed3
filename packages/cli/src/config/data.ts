import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { TemperError, unknownName } from '@temper/core';
import { parseJsonOption } from './mistake.js';

/** Where a table's labels are looked for if nothing says where they are. */
const usualLabel = 'label';

/**
 * What `--data` means: a text that begins with `{` is a config in JSON, a folder holds IDX files, a file that ends
 * in `.csv` is a table, and anything else is the name of a data set. Options that the config gives for data of the
 * same type stay.
 * @throws TemperError `data/not-found` for what is none of them.
 */
export async function dataFrom(given: string, dataSets: readonly string[], before: unknown): Promise<unknown> {
  if (given.trimStart().startsWith('{')) return parseJsonOption('--data', given, '{"type":"digits","seed":2}');
  const found = await stat(given).catch(() => undefined);
  if (found?.isDirectory() === true) return { ...optionsOf(before, 'idx'), type: 'idx', folder: given };
  const isTable = extname(given).toLowerCase() === '.csv';
  if (found !== undefined && isTable) return { label: usualLabel, ...optionsOf(before, 'csv'), type: 'csv', path: given };
  if (found === undefined && dataSets.includes(given)) return { ...optionsOf(before, given), type: given };
  const reason =
    found === undefined ? `there is no such file or folder, and ${unknownName('data set', given, dataSets)}` : 'is a file, but not one that ends in .csv';
  throw new TemperError({
    code: 'data/not-found',
    message: `--data ${given}: ${reason}`,
    hint: 'Give a folder of IDX (MNIST) files, a .csv file, the name of a data set, or its config as JSON.',
  });
}

const optionsOf = (data: unknown, type: string): object =>
  typeof data === 'object' && data !== null && 'type' in data && data.type === type ? data : {};
