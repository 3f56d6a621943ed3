import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TemperError, unknownName } from '@temper/core';
import { kindOfFile } from '@temper/data';
import { parseJsonOption } from './mistake.js';

/** The default column of labels in a table. */
const usualLabel = 'label';

/**
 * What `--data` means: a text that begins with `{` is a config in JSON, a folder holds IDX files, a file is a table or one of a pair of IDX
 * files by its content, and anything else is the name of a data set. Options that the config gives for data of the same type stay,
 * except names of files.
 * @throws TemperError `data/not-found` for anything else.
 */
export async function dataFrom(given: string, dataSets: readonly string[], before: unknown): Promise<unknown> {
  if (given.trimStart().startsWith('{')) return parseJsonOption('--data', given, '{"type":"digits","seed":2}');
  const found = await stat(given).catch(() => undefined);
  if (found?.isDirectory() === true) return { ...optionsOf(before, 'idx'), type: 'idx', folder: given };
  if (found?.isFile() === true) return fileConfig(given, before);
  if (found !== undefined)
    throw noData(given, 'is a pipe or a device, not a file', 'Write its contents to a file first, and use ' + 'that file.');
  if (dataSets.includes(given)) return { ...optionsOf(before, given), type: given };
  throw noData(given, `there is no such file or folder, and ${unknownName('data set', given, dataSets)}`);
}

async function fileConfig(path: string, before: unknown): Promise<unknown> {
  const kind = /\.csv(\.gz)?$/i.test(path) ? 'table' : kindOfFile(await beginningOf(path), commentsOf(before));
  if (kind === 'table') return { label: usualLabel, ...optionsOf(before, 'csv'), type: 'csv', path };
  if (kind === 'images' || kind === 'labels') return { ...optionsOf(before, 'idx'), type: 'idx', ...(await pairOf(path, kind)) };
  const what = { text: 'is a text without columns', json: 'is JSON, not data', other: 'is neither a table nor an IDX file' }[kind];
  throw noData(path, what, kind === 'text' ? `To predict its characters: --data '{"type":"text","path":"${path}"}'.` : undefined);
}

/** Returns the comment mark of tables in the config, or undefined. */
function commentsOf(data: unknown): string | false | undefined {
  const { comments } = Object(data) as { readonly comments?: unknown };
  return typeof comments === 'string' || comments === false ? comments : undefined;
}

const noData = (
  given: string,
  reason: string,
  hint = 'Give a folder of IDX (MNIST) files, a table (CSV), an IDX file, the name of a data set, or its config as JSON.',
) => new TemperError({ code: 'data/not-found', message: `--data ${given}: ${reason}`, hint });

/** Returns the IDX files of images and labels, given one of them. */
async function pairOf(path: string, kind: 'images' | 'labels'): Promise<object> {
  const [from, to] = kind === 'images' ? (['images', 'labels'] as const) : (['labels', 'images'] as const);
  const name = basename(path);
  const renamed = name.replace(from, to);
  const dimension = (text: string): string => (kind === 'images' ? text.replace(/idx[234]/, 'idx1') : text.replace('idx1', 'idx3'));
  const plain = (text: string): string => text.replace(/\.gz$/, '');
  const names = [dimension(renamed), renamed].flatMap((one) => [one, plain(one), `${plain(one)}.gz`]);
  for (const one of new Set(names)) {
    const partner = join(dirname(path), one);
    if (one !== name && (await stat(partner).catch(() => undefined))?.isFile() === true) return { [from]: path, [to]: partner };
  }
  throw noData(
    path,
    `holds ${from}, and the file with their ${to} is missing next to it`,
    `Name both: --data '{"type":"idx","images":"IMAGES","labels":"LABELS"}'.`,
  );
}

/** Returns the first bytes of a file, unpacked. */
async function beginningOf(path: string): Promise<Uint8Array> {
  // Loaded here, since other commands do not need it.
  const { nodeFiles } = await import('@temper/node');
  for await (const chunk of (await nodeFiles.open(path)).chunks()) return chunk.subarray(0, 1 << 16);
  return new Uint8Array(0);
}

/** Options that name files of the data which `--data` replaces. */
const fileOptions: readonly string[] = ['folder', 'images', 'labels', 'testImages', 'testLabels', 'path', 'testPath'];

const optionsOf = (data: unknown, type: string): object =>
  typeof data === 'object' && data !== null && 'type' in data && data.type === type
    ? Object.fromEntries(Object.entries(data).filter(([name]) => !fileOptions.includes(name)))
    : {};
