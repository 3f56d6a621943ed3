import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { open, truncate } from 'node:fs/promises';
import type { Json } from '@temper/core';
import { readRegular } from '../files/read-regular.js';
import { fileError } from '@temper/tensorflow/system';
import { recordProblem } from './record-format.js';

/** A file with one JSON record per line, which other programs may read while it grows. */
export interface JsonLines {
  /** Number of complete lines. */
  readonly records: number;
  /** Problems of the lines when the file was opened. */
  readonly problems: readonly string[];
  /** Adds a line; the operating system has it when the promise resolves. Lines keep the order of the calls. */
  append(record: Readonly<Record<string, Json>>): Promise<void>;
  /** Adds a line unless the file has it already. It reads the complete file, so it is for rare records. */
  appendOnce(record: Readonly<Record<string, Json>>): Promise<void>;
  /** Drops all lines after the first `records`. */
  rewind(records: number): Promise<void>;
  /** Waits for pending lines, then for the disk. */
  flush(): Promise<void>;
}

const lineEnd = 10;

/**
 * Opens an existing file of lines; a last line that was not completely written is dropped. The file is opened for each line, so that a
 * removed file or folder is noticed, and a line that cannot be completely written is taken back.
 */
export async function jsonLines(path: string): Promise<JsonLines> {
  const guarded = async (task: () => void | Promise<void>): Promise<void> =>
    Promise.resolve()
      .then(task)
      .catch((error: unknown) => Promise.reject(fileError('write', path, error, 'run')));
  let end = 0;
  let records = 0;
  const problems: string[] = [];
  const cutAfter = async (most: number): Promise<void> => {
    const bytes = await readRegular(path);
    const ends = endsOfLines(bytes);
    if (most === Infinity) problems.push(...problemsOf(path, bytes, ends));
    records = Math.min(most, ends.length);
    end = ends[records - 1] ?? 0;
    await truncate(path, end);
  };
  // Synchronous: the loop waits for its lines anyway, and three asynchronous calls took some 3 ms for each line; this takes 0.1 ms.
  const write = (line: Uint8Array): void => {
    const file = openSync(path, 'r+');
    try {
      for (let done = 0; done < line.length; ) done += writeSync(file, line, done, line.length - done, end + done);
      end += line.length;
      records += 1;
    } catch (error) {
      ftruncateSync(file, end);
      throw error;
    } finally {
      closeSync(file);
    }
  };
  const sync = async (): Promise<void> => {
    const file = await open(path, 'r+');
    await file.sync().finally(() => file.close());
  };
  await guarded(() => cutAfter(Infinity));

  let last: Promise<unknown> = Promise.resolve();
  const inOrder = (task: () => void | Promise<void>): Promise<void> => {
    const next = last.then(() => guarded(task));
    last = next.catch(() => undefined);
    return next;
  };
  return {
    problems,
    get records() {
      return records;
    },
    append(record) {
      const line = lineOf(record);
      return inOrder(() => write(line));
    },
    appendOnce(record) {
      const line = lineOf(record);
      return inOrder(async () => {
        const bytes = await readRegular(path);
        if (!bytes.subarray(0, line.length).equals(line) && !bytes.includes(Buffer.concat([Buffer.of(lineEnd), line]))) write(line);
      });
    },
    rewind: (most) => inOrder(() => cutAfter(most)),
    // Lines that are added meanwhile need not wait for the disk.
    flush: () => last.then(() => guarded(sync)),
  };
}

const lineOf = (record: Readonly<Record<string, Json>>): Buffer => Buffer.from(`${JSON.stringify(record)}\n`);

/**
 * Returns the lines that are not records: an editor or a disk has changed them. Training does not depend on them, so a run continues
 * without them.
 */
function problemsOf(path: string, bytes: Buffer, ends: readonly number[]): string[] {
  const bad = ends.flatMap((end, i) => {
    const problem = recordProblem(bytes.toString('utf8', ends[i - 1] ?? 0, end));
    return problem === undefined ? [] : [`line ${i + 1} ${problem}`];
  });
  return bad.length === 0 ? [] : [`${path}: ${bad.length} of ${ends.length} lines are not records of a run; the first: ${bad[0]}`];
}

/** Returns the offsets after the lines of a text. */
function endsOfLines(bytes: Uint8Array): number[] {
  const ends: number[] = [];
  for (let at = bytes.indexOf(lineEnd); at >= 0; at = bytes.indexOf(lineEnd, at + 1)) ends.push(at + 1);
  return ends;
}
