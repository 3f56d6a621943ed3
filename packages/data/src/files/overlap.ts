import type { Files, OpenFile } from '@temper/core';
import { invalid } from './invalid.js';
import type { RowNumbers } from './row-numbers.js';

/** Numbers of samples one after the other, and their labels. */
export interface Rows {
  readonly numbers: RowNumbers;
  readonly labels: readonly string[];
}

/**
 * Refuses test data from the training file itself.
 * @throws TemperError `data/invalid` where two files have the same content.
 */
export async function checkOther(files: Files, paths: { readonly train: string; readonly test: string }, remedy: string): Promise<void> {
  const [train, test] = [await files.open(paths.train), await files.open(paths.test)];
  const differ = train.size !== undefined && test.size !== undefined && train.size !== test.size;
  if (differ || !(await haveSameContent(train, test))) return;
  throw invalid(
    paths.test,
    `is the training file ${paths.train === paths.test ? 'itself' : paths.train}: a test on training samples is meaningless`,
    remedy,
  );
}

/** Compares two files piece by piece, up to the first difference. */
async function haveSameContent(one: OpenFile, other: OpenFile): Promise<boolean> {
  const others = other.chunks()[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  try {
    for await (let chunk of one.chunks()) {
      while (chunk.length > 0) {
        if (rest.length === 0) {
          const next = await others.next();
          if (next.done === true) return false;
          rest = next.value;
        }
        const length = Math.min(chunk.length, rest.length);
        for (let i = 0; i < length; i++) if (chunk[i] !== rest[i]) return false;
        [chunk, rest] = [chunk.subarray(length), rest.subarray(length)];
      }
    }
    return rest.length === 0 && (await others.next()).done === true;
  } finally {
    await others.return?.();
  }
}

/** A warning if many of the test samples are also training samples, with the same label. */
export async function overlapWarning(train: Rows, test: Rows, source: string): Promise<string[]> {
  const tested = test.labels.length;
  const counts = new Map<string, number>();
  for await (const key of keysOf(test)) counts.set(key, (counts.get(key) ?? 0) + 1);
  let shared = 0;
  for await (const key of keysOf(train)) {
    shared += counts.get(key) ?? 0;
    counts.delete(key);
  }
  if (shared * 10 < tested || shared === 0) return [];
  const share = shared === tested ? 'all' : `${shared} of`;
  return [`${source}: ${share} ${tested} test samples are also training samples, so the test overrates the student`];
}

/** Samples as texts of two hashes and the label; equal samples have the same. */
async function* keysOf({ numbers, labels }: Rows): AsyncGenerator<string> {
  const words = 2 * numbers.width;
  let sample = 0;
  for await (const block of numbers.blocks()) {
    const all = new Uint32Array(block.buffer, block.byteOffset, 2 * block.length);
    for (let from = 0; from < all.length; from += words) {
      let [one, two] = [0x811c9dc5, 0x9747b28c];
      for (let i = from; i < from + words; i++) {
        one = Math.imul(one ^ (all[i] as number), 0x01000193);
        two = Math.imul(two ^ (all[i] as number), 0x5bd1e995) ^ (two >>> 15);
      }
      yield `${one},${two},${labels[sample++]}`;
    }
  }
}
