import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes a folder for the files of a target, and a function that removes it. */
export async function scratch(): Promise<{ readonly folder: string; close(): Promise<void> }> {
  const folder = await mkdtemp(join(quickFolder(), 'temper-fuzz-'));
  return { folder, close: () => rm(folder, { recursive: true, force: true }) };
}

/** Returns a folder in memory on Linux, where a flush costs nothing: each attempt writes files, and some flush them. */
function quickFolder(): string {
  const inMemory = '/dev/shm';
  try {
    accessSync(inMemory, constants.W_OK | constants.X_OK);
    return inMemory;
  } catch {
    return tmpdir();
  }
}
