import { statfs } from 'node:fs/promises';
import { TemperError } from '@temper/core';
import { megabytes } from './events.js';

/** Throws where a folder's disk has too little space, before a download. */
export async function checkFreeSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  throw new TemperError({
    code: 'environment/files',
    message: `the disk of ${folder} has ${megabytes(bavail * bsize)} free, and the set-up needs ${megabytes(bytes)}`,
    hint: 'Free some space, or set TEMPER_CACHE to a folder on another disk.',
  });
}
