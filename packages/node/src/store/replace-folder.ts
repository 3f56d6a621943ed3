import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { flushFolder, writeFlushed, type Content } from './durable.js';
import { codeOf } from '@temper/tensorflow/system';
import { makeFolders } from './make-folders.js';

/** The files of a folder, by path. */
export type FolderFiles = Readonly<Record<string, Content>>;

/**
 * Writes the files into a folder next to the target, and moves it there: the folder appears completely or not at all, and an older one is
 * replaced.
 */
export async function replaceFolder(folder: string, files: FolderFiles): Promise<void> {
  const mark = randomUUID();
  const [fresh, old] = [`${folder}.${mark}.tmp`, `${folder}.${mark}.old`];
  try {
    await writeFolder(fresh, files);
    await moveOver(fresh, folder, old);
    await flushFolder(dirname(folder));
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** Writes a new folder and flushes it to disk. */
export async function writeFolder(folder: string, files: FolderFiles): Promise<void> {
  await makeFolders(folder);
  for (const [name, content] of Object.entries(files)) {
    await makeFolders(dirname(join(folder, name)));
    await writeFlushed(join(folder, name), content);
  }
  await flushFolder(folder);
}

/** Returns whether a rename failed because the target exists. */
export const isTaken = (error: unknown): boolean => ['EEXIST', 'ENOTEMPTY', 'EPERM'].includes(codeOf(error) ?? '');

/** Moves a folder over a full one, which a rename cannot do: the older one is moved aside first, and back where the move fails. */
async function moveOver(fresh: string, folder: string, old: string): Promise<void> {
  try {
    await rename(fresh, folder);
  } catch (error) {
    if (!isTaken(error)) throw error;
    await rename(folder, old);
    await rename(fresh, folder).catch((failed: unknown) => rename(old, folder).then(() => Promise.reject(failed)));
    await rm(old, { recursive: true, force: true });
  }
}
