import { open } from 'node:fs/promises';
import type { Json } from '@temper/core';
import { fileError } from './file-error.js';

/** A file of one JSON record a line, which other programs may read while it grows. */
export interface JsonLines {
  /** Adds a line; it is with the operating system when this resolves. Lines keep the order of the calls. */
  append(record: Readonly<Record<string, Json>>): Promise<void>;
  /** Waits for lines on their way, then for the disk. */
  flush(): Promise<void>;
}

/**
 * Appends to a file that exists. It is opened for each line, so that a file or folder that somebody removed is
 * noticed, and a line that could not be written whole is taken back.
 */
export function jsonLines(path: string): JsonLines {
  let end = 0;
  let last: Promise<unknown> = Promise.resolve();
  const inOrder = (task: () => Promise<void>): Promise<void> => {
    const next = last.then(task);
    last = next.catch(() => undefined);
    return next;
  };
  const write = async (line: Uint8Array): Promise<void> => {
    const file = await open(path, 'r+');
    try {
      for (let done = 0; done < line.length; ) done += (await file.write(line, done, line.length - done, end + done)).bytesWritten;
      end += line.length;
    } catch (error) {
      await file.truncate(end);
      throw error;
    } finally {
      await file.close();
    }
  };
  const sync = async (): Promise<void> => {
    const file = await open(path, 'r+');
    await file.sync().finally(() => file.close());
  };
  const guarded = (task: () => Promise<void>) => () => task().catch((error: unknown) => Promise.reject(fileError('write', path, error, 'run')));
  return {
    append(record) {
      const line = Buffer.from(`${JSON.stringify(record)}\n`);
      return inOrder(guarded(() => write(line)));
    },
    flush: () => inOrder(guarded(sync)),
  };
}
