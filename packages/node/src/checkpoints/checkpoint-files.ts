import { createHash, webcrypto } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { readRegular } from '../files/read-regular.js';

/** The version of the format that is written, and the newest one that is read. */
export const checkpointVersion = 1;

/** Names of the files in a checkpoint's folder. */
export const arraysFile = 'arrays.safetensors';
export const stateFile = 'state.json';
/** In the format that `sha256sum -c` reads; written last. */
export const sumsFile = 'SHA256SUMS';
/** An empty file that marks a checkpoint as the best so far; inside of the checkpoint's folder, so that both appear together. */
export const bestFile = 'best';

/** The number of bytes that are hashed and written at once: a few milliseconds of the event loop. */
const chunk = 4 * 2 ** 20;

/** Writes a new file, waits until it is on disk, and returns its SHA-256. */
export async function writeHashed(path: string, parts: readonly Uint8Array[]): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'wx');
  try {
    for (const part of parts) {
      for (let at = 0; at < part.length; at += chunk) {
        const piece = part.subarray(at, at + chunk);
        hash.update(piece);
        await file.writeFile(piece);
      }
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

/** Formats one line for each file: its SHA-256, two spaces, its name. */
export const formatSums = (sums: Readonly<Record<string, string>>): string =>
  Object.entries(sums)
    .map(([name, sum]) => `${sum}  ${name}\n`)
    .join('');

/**
 * Reads a checkpoint's files and compares them with their sums.
 * @throws Error naming the file that is missing or damaged.
 */
export async function readVerified(folder: string): Promise<{ readonly arrays: Uint8Array; readonly state: Uint8Array }> {
  const sums = new Map(
    (await readRegular(join(folder, sumsFile)))
      .toString()
      .split('\n')
      .map((line) => line.split('  ').reverse() as [string, string]),
  );
  const verified = async (name: string): Promise<Uint8Array> => {
    const bytes = await readRegular(join(folder, name));
    const sum = await hashOf(bytes);
    if (sum !== sums.get(name)) throw new Error(`${name} does not have the checksum that it was written with`);
    return bytes;
  };
  return { arrays: await verified(arraysFile), state: await verified(stateFile) };
}

/** Hashes outside of the event loop, unlike `createHash`: checkpoints are read back during training. */
export const hashOf = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
  Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex');
