import { close, open, read, unlink, write } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ScratchFile } from '@temper/core';
import { cacheFolder, fileError } from '@temper/tensorflow/system';
import { chunkSize } from './open-file.js';
import { readPieces } from './read-pieces.js';

const [openDescriptor, readAt, writeAt, remove] = [promisify(open), promisify(read), promisify(write), promisify(unlink)];

/** Closes descriptors of files that were garbage-collected. */
const forgotten = new FinalizationRegistry<number>((descriptor) => close(descriptor, () => undefined));

/**
 * Creates a file in the cache folder (`TEMPER_CACHE`). Its name is removed at once: the system frees the space when the process ends,
 * also after a crash.
 * @throws TemperError `environment/files` where the file cannot be created, or the disk is full.
 */
export async function scratchFile(): Promise<ScratchFile> {
  const folder = join(cacheFolder(), 'scratch');
  const path = join(folder, randomUUID());
  const guarded = async <T>(task: () => Promise<T>): Promise<T> => {
    try {
      return await task();
    } catch (error) {
      throw fileError('write', path, error);
    }
  };
  const descriptor = await guarded(async () => {
    await mkdir(folder, { recursive: true });
    const opened = await openDescriptor(path, 'wx+', 0o600);
    await remove(path);
    return opened;
  });
  let size = 0;
  const reader = (into: Uint8Array, at: number, length: number, position: number): Promise<number> =>
    readAt(descriptor, into, at, length, position).then(({ bytesRead }) => bytesRead);
  const scratch: ScratchFile = {
    append: (bytes) =>
      guarded(async () => {
        for (let at = 0; at < bytes.length; ) {
          const { bytesWritten } = await writeAt(descriptor, bytes, at, Math.min(bytes.length - at, 1 << 30), size);
          at += bytesWritten;
          size += bytesWritten;
        }
      }),
    finish() {
      const file = {
        size,
        stored: size,
        async *chunks(onRead?: (stored: number) => void) {
          for (let position = 0; position < size; ) {
            const into = new Uint8Array(Math.min(chunkSize, size - position));
            const length = await reader(into, 0, into.length, position);
            position += length;
            onRead?.(position);
            yield into.subarray(0, length);
          }
        },
        pieces: (positions: ArrayLike<number>, length: number) => readPieces(descriptor, positions, length, 'the scratch file'),
      };
      forgotten.unregister(scratch);
      forgotten.register(file, descriptor);
      return file;
    },
  };
  forgotten.register(scratch, descriptor, scratch);
  return scratch;
}
