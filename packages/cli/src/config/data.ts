import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { TemperError, unknownName } from '@temper/core';

/** Where a table's labels are looked for if nothing says where they are. */
const usualLabel = 'label';

/**
 * What `--data` means: a text that begins with `{` is a config in JSON, a folder holds IDX files, a file that ends
 * in `.csv` is a table, and anything else is the name of a data set. Options that the config gives for data of the
 * same type stay.
 * @throws TemperError `data/not-found` for what is none of them.
 */
export async function dataFrom(given: string, dataSets: readonly string[], before: unknown): Promise<unknown> {
  if (given.trimStart().startsWith('{')) return parse(given);
  const found = await stat(given).catch(() => undefined);
  if (found?.isDirectory() === true) return { ...optionsOf(before, 'idx'), type: 'idx', folder: given };
  if (found !== undefined && extname(given).toLowerCase() === '.csv') return { label: usualLabel, ...optionsOf(before, 'csv'), type: 'csv', path: given };
  if (found === undefined && dataSets.includes(given)) return { ...optionsOf(before, given), type: given };
  const reason = found === undefined ? `there is no such file or folder, and ${unknownName('data set', given, dataSets)}` : 'is a file, but not one that ends in .csv';
  throw new TemperError({
    code: 'data/not-found',
    message: `--data ${given}: ${reason}`,
    hint: 'Give a folder of IDX (MNIST) files, a .csv file, the name of a data set, or its config as JSON.',
  });
}

const optionsOf = (data: unknown, type: string): object => (typeof data === 'object' && data !== null && 'type' in data && data.type === type ? data : {});

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new TemperError({ code: 'config/invalid', message: `--data: is not JSON: ${(error as Error).message}`, hint: 'For instance --data \'{"type":"digits","seed":2}\', in single quotes.' });
  }
}
