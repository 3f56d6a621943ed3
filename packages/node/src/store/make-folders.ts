import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { codeOf } from '@temper/tensorflow/system';

/**
 * Makes a folder and those above it that are missing; whether it was missing. With `within`, nothing is made but what lies
 * in that folder: where somebody has removed it, it does not come back.
 * Not mkdir's own `recursive`: Node's never comes back where a parent exists and refuses children as if it did not (/proc).
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
