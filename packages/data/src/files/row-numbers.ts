import type { OpenFile } from '@temper/core';
import { joined } from './joined.js';

/** Rows of numbers, in memory or on the disk. */
export interface RowNumbers {
  readonly width: number;
  /** All numbers, where they are in memory. */
  readonly inMemory?: Float64Array;
  /** Complete rows in order, some at a time. */
  blocks(): AsyncIterable<Float64Array>;
  /** The rows asked for, in that order. */
  read(indices: Int32Array): Promise<Float64Array>;
}

/** Rows of an array. */
export function rowsInMemory(values: Float64Array, width: number): RowNumbers {
  return {
    width,
    inMemory: values,
    async *blocks() {
      yield values;
    },
    async read(indices) {
      const rows = new Float64Array(indices.length * width);
      indices.forEach((index, i) => rows.set(values.subarray(index * width, (index + 1) * width), i * width));
      return rows;
    },
  };
}

/** Rows of a file that holds nothing but float64 numbers as this machine writes them. */
export function storedRows(file: OpenFile, width: number): RowNumbers {
  const rowBytes = 8 * width;
  return {
    width,
    async *blocks() {
      let pending: Uint8Array = new Uint8Array(0);
      for await (const chunk of file.chunks()) {
        const bytes = joined(pending, chunk);
        const complete = bytes.length - (bytes.length % rowBytes);
        if (complete > 0) yield new Float64Array(bytes.slice(0, complete).buffer);
        pending = bytes.slice(complete);
      }
    },
    async read(indices) {
      const bytes = await file.pieces(
        Array.from(indices, (index) => index * rowBytes),
        rowBytes,
      );
      return new Float64Array(bytes.buffer, bytes.byteOffset, indices.length * width);
    },
  };
}

/** The same rows without their first number. */
export function withoutFirstColumn({ width, inMemory, blocks, read }: RowNumbers): RowNumbers {
  const shortened = (values: Float64Array): Float64Array => {
    const rows = values.length / width;
    const rest = new Float64Array(rows * (width - 1));
    for (let row = 0; row < rows; row++) rest.set(values.subarray(row * width + 1, (row + 1) * width), row * (width - 1));
    return rest;
  };
  if (inMemory !== undefined) return rowsInMemory(shortened(inMemory), width - 1);
  return {
    width: width - 1,
    async *blocks() {
      for await (const block of blocks()) yield shortened(block);
    },
    read: async (indices) => shortened(await read(indices)),
  };
}
