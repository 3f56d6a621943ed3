import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { TemperError } from '@temper/core';
import { formatSums, hashOf, sumsFile } from '../checkpoints/checkpoint-files.js';
import { exists } from '../files/exists.js';
import { readRegular } from '../files/read-regular.js';
import type { FolderFiles } from '../store/replace-folder.js';

/** Adds the SHA-256 sums of the files of a network, in the format that `sha256sum -c` reads. */
export function withSums(files: FolderFiles): FolderFiles {
  const sums = Object.entries(files).map(([name, content]) => {
    const hash = createHash('sha256');
    for (const part of typeof content === 'string' || content instanceof Uint8Array ? [content] : content) hash.update(part);
    return [name, hash.digest('hex')] as const;
  });
  return { ...files, [sumsFile]: formatSums(Object.fromEntries(sums)) };
}

/** The lines of `sha256sum`, and those of `shasum --tag`. */
const form = /^\\?([\da-f]{64}) [ *](.+)$/i;
const tagged = /^SHA256 \((.+)\) = ([\da-f]{64})$/i;

/**
 * Reads the sums next to a model.json, by file name; empty where there is no such file.
 * @throws TemperError `model/invalid` for a file of sums that is empty or has other lines: it was damaged, so nothing can be checked.
 */
export async function readSums(model: string): Promise<ReadonlyMap<string, string>> {
  const path = join(dirname(model), sumsFile);
  if (!(await exists(path))) return new Map();
  const sums = new Map<string, string>();
  for (const [i, line] of (await readRegular(path)).toString().split(/\r?\n/).entries()) {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    const sum = sumIn(text);
    if (sum === undefined) throw damaged(path, `is damaged: line ${i + 1} is not a checksum`);
    sums.set(...sum);
  }
  if (sums.size === 0) throw damaged(path, 'is empty');
  return sums;
}

function sumIn(text: string): [string, string] | undefined {
  const [, sum, name] = form.exec(text) ?? [];
  const [, taggedName, taggedSum] = tagged.exec(text) ?? [];
  const [file, hash] = [name ?? taggedName, sum ?? taggedSum];
  return file === undefined || hash === undefined ? undefined : [file, hash.toLowerCase()];
}

const damaged = (path: string, what: string): TemperError =>
  new TemperError({
    code: 'model/invalid',
    message: `${path} ${what}`,
    hint: 'Copy or save the network again. To load it without checking its files, remove this one.',
  });

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
