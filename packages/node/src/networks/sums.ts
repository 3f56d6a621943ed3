import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { TemperError } from '@temper/core';
import { formatSums, hashOf, sumsFile } from '../checkpoints/checkpoint-files.js';
import { exists } from '../files/exists.js';
import { readRegular } from '../files/read-regular.js';
import type { FolderFiles } from '../store/replace-folder.js';

/** The files of a network with their SHA-256 sums, in the form that `sha256sum -c` reads. */
export function withSums(files: FolderFiles): FolderFiles {
  const sums = Object.entries(files).map(([name, content]) => {
    const hash = createHash('sha256');
    for (const part of typeof content === 'string' || content instanceof Uint8Array ? [content] : content) hash.update(part);
    return [name, hash.digest('hex')] as const;
  });
  return { ...files, [sumsFile]: formatSums(Object.fromEntries(sums)) };
}

const form = /^([\da-f]{64}) [ *](.+)$/i;

/** The sums next to a model.json, by file name; none where no such file is there. */
export async function readSums(model: string): Promise<ReadonlyMap<string, string>> {
  const path = join(dirname(model), sumsFile);
  if (!(await exists(path))) return new Map();
  const lines = (await readRegular(path)).toString().split(/\r?\n/);
  return new Map(
    lines.flatMap((line) => {
      const [, sum, name] = form.exec(line) ?? [];
      return sum === undefined || name === undefined ? [] : [[name, sum.toLowerCase()] as const];
    }),
  );
}

/**
 * Compares a file's bytes with its sum, where there is one.
 * @throws TemperError `model/invalid` naming the file.
 */
export async function checkSum(path: string, bytes: Uint8Array<ArrayBuffer>, sums: ReadonlyMap<string, string>): Promise<void> {
  const expected = sums.get(basename(path));
  if (expected === undefined || (await hashOf(bytes)) === expected) return;
  throw new TemperError({
    code: 'model/invalid',
    message: `${path} does not have the checksum it was saved with: it is damaged or was changed`,
    hint: `Copy or save the network again. If you have changed it on purpose, remove ${join(dirname(path), sumsFile)}.`,
  });
}
