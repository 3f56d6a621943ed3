import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { TemperError } from '@temper/core';

/**
 * Reads a complete regular file: reading a pipe or a device could wait or continue forever.
 * @throws TemperError `environment/files` for a pipe, a socket or a device; the system's error in all other cases.
 */
export async function readRegular(path: string): Promise<Buffer<ArrayBuffer>> {
  // Non-blocking: opening a pipe would wait for its writer.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = await file.stat();
    if (!stats.isFile() && !stats.isDirectory()) throw notRegular(path, kindOf(stats));
    return (await file.readFile()) as Buffer<ArrayBuffer>;
  } finally {
    await file.close();
  }
}

export const notRegular = (path: string, kind: string): TemperError =>
  new TemperError({
    code: 'environment/files',
    message: `cannot read ${path}: it is a ${kind}, not a file`,
    hint: 'Write its contents to a file first, and use that file.',
  });

/** Names the kind of a file that is not regular. */
export function kindOf(stats: Stats): string {
  if (stats.isFIFO()) return 'pipe (FIFO)';
  if (stats.isSocket()) return 'socket';
  return 'device';
}
