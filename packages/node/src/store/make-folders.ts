import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { codeOf } from '@temper/tensorflow/system';

/**
 * Makes a folder and its missing parents; returns whether it was missing. With `within`, folders are made only inside of that folder,
 * which is not made again where it was removed.
 * Does not use the `recursive` option of mkdir: Node's does not return where a parent exists and refuses children as if it did not
 * (/proc).
 */
export async function makeFolders(folder: string, within?: string): Promise<boolean> {
  const parent = dirname(folder);
  const isEnd = parent === folder || (within !== undefined && resolve(parent) === resolve(within));
  try {
    await mkdir(folder);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (codeOf(error) !== 'ENOENT' || isEnd) throw error;
    await makeFolders(parent, within);
    await mkdir(folder);
  }
  return true;
}
