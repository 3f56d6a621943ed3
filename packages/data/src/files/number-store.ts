import type { ScratchFile } from '@temper/core';
import { invalid } from './invalid.js';
import { rowsInMemory, storedRows, type RowNumbers } from './row-numbers.js';

/** Collects rows of numbers, in memory or, where there are too many of them, on the disk. */
export interface NumberStore {
  /** Where the numbers of the next row go: `values` from `at` on; valid until the next call. */
  room(): { readonly values: Float64Array; readonly at: number };
  /** Keeps the row that was written to the room. */
  keep(): void;
  readonly rows: number;
  /** Columns whose numbers rise by one from row to row. */
  readonly counting: readonly number[];
  /** Moves rows to the disk if they do not fit in memory; called at intervals. */
  settle(): Promise<void>;
  finish(): RowNumbers;
}

/** Where the numbers of a table may be stored. */
export interface Room {
  /** Bytes of memory. */
  readonly memory: number;
  /** Begins a file on the disk; absent where there is no place for it. */
  readonly scratch: (() => Promise<ScratchFile>) | undefined;
}

const smallest = 1024;
/** Bytes of a number as it was read, in float64. */
const numberBytes = 8;

/**
 * Rows of `width` numbers. `share` gives the part of the file that was read, from which the final size is estimated after the first piece,
 * so that numbers are hardly ever moved; memory that is reserved beyond them is never touched.
 */
export function numberStore(width: number, share: () => number, { memory, scratch }: Room, source: string): NumberStore {
  let values = new Float64Array(smallest * width);
  let capacity = smallest;
  let kept = 0;
  let rows = 0;
  let counting = Array.from({ length: width }, (_, column) => column);
  let previous = new Float64Array(width);
  let overflow: ScratchFile | undefined;
  /** During the first piece of a file, its number of rows is not known. */
  let isEstimated = false;
  // One object for all rows: millions of them would be garbage.
  const slot = { values, at: 0 };

  const estimate = (): number => rows / Math.max(share(), 1e-6);
  const grow = (): void => {
    if (scratch === undefined && numberBytes * rows * width > memory) throw tooLarge(rows, width, memory, source);
    reserve(Math.ceil(kept * (isEstimated ? 1.25 : 2)));
  };
  /** Takes memory for so many rows, or for as many as the file seems to hold. */
  const reserve = (least: number): void => {
    capacity = overflow === undefined && isEstimated ? Math.max(least, Math.min(Math.ceil(estimate() * 1.05), kept * 10_000)) : least;
    const larger = allocate(capacity * width) ?? allocate((capacity = least) * width);
    if (larger === undefined) throw tooLarge(rows, width, memory, source);
    larger.set(values.subarray(0, kept * width));
    values = larger;
  };
  const compare = (at: number): void => {
    if (rows > 0) counting = counting.filter((column) => (values[at + column] as number) - (previous[column] as number) === 1);
    previous = values.slice(at, at + width);
  };
  return {
    room() {
      if (kept === capacity) grow();
      slot.values = values;
      slot.at = kept * width;
      return slot;
    },
    keep() {
      if (counting.length > 0) compare(kept * width);
      kept += 1;
      rows += 1;
    },
    get rows() {
      return rows;
    },
    get counting() {
      return counting;
    },
    async settle() {
      if (overflow === undefined && scratch !== undefined && numberBytes * estimate() * width > memory) overflow = await scratch();
      if (!isEstimated && kept > 0) {
        isEstimated = true;
        const isKept = overflow === undefined && numberBytes * estimate() * width <= memory;
        if (isKept && estimate() > capacity) reserve(kept);
      }
      if (overflow === undefined || kept === 0) return;
      await overflow.append(new Uint8Array(values.buffer, 0, 8 * kept * width));
      kept = 0;
    },
    finish: () => (overflow === undefined ? rowsInMemory(values.subarray(0, rows * width), width) : storedRows(overflow.finish(), width)),
  };
}

function allocate(length: number): Float64Array<ArrayBuffer> | undefined {
  try {
    return new Float64Array(length);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function tooLarge(rows: number, width: number, most: number, source: string): Error {
  const [samples, bytes, allowed] = [rows, numberBytes * rows * width, most].map((count) => count.toLocaleString('en'));
  return invalid(
    source,
    `does not fit in memory: the first ${samples} samples of ${width} numbers take ${bytes} bytes, and the limit is ${allowed}`,
    'Raise the option memory, or use fewer inputs.',
  );
}
