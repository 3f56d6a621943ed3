import { invalid } from './invalid.js';

/** Rows of numbers, one after the other, in memory that grows with them. */
export interface NumberStore {
  /** Where the numbers of the next row go: `values` from `at` on; valid until the next call. */
  room(): { readonly values: Float64Array; readonly at: number };
  /** Keeps the row that was written to the room. */
  keep(): void;
  readonly rows: number;
  /** The numbers of all rows. */
  values(): Float64Array;
}

const smallest = 1024;

/**
 * Rows of `width` numbers. `share` says which part of the file was read, from which the final size is estimated, so that the numbers are
 * hardly ever moved; memory that is reserved beyond them is never touched.
 */
export function numberStore(width: number, share: () => number, mostBytes: number, source: string): NumberStore {
  let values = new Float64Array(smallest * width);
  let capacity = smallest;
  let rows = 0;
  const grow = (): void => {
    const estimate = Math.ceil((rows / Math.max(share(), 1e-6)) * 1.05);
    capacity = Math.max(Math.ceil(rows * 1.25), Math.min(estimate, rows * 10_000));
    if (8 * rows * width > mostBytes) throw tooLarge(rows, width, mostBytes, source);
    const larger = allocate(capacity * width) ?? allocate((capacity = Math.ceil(rows * 1.25)) * width);
    if (larger === undefined) throw tooLarge(rows, width, mostBytes, source);
    larger.set(values);
    values = larger;
  };
  return {
    room() {
      if (rows === capacity) grow();
      return { values, at: rows * width };
    },
    keep: () => void rows++,
    get rows() {
      return rows;
    },
    values: () => values.subarray(0, rows * width),
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

const tooLarge = (rows: number, width: number, most: number, source: string): Error =>
  invalid(
    source,
    `does not fit in memory: the first ${rows.toLocaleString('en')} samples of ${width} numbers take ${(8 * rows * width).toLocaleString('en')} bytes, at most ${most.toLocaleString('en')} are used`,
    'Raise the option memory, take fewer inputs, or convert the table to IDX files, which are read from the disk.',
  );
