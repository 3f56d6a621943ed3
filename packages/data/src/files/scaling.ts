import type { NumberPreparation } from '@temper/core';
import type { RowNumbers } from './row-numbers.js';

/** A factor for every number; 1 leaves samples as they are. */
export const multiply = (factor: number): NumberPreparation => (factor === 1 ? { type: 'none' } : { type: 'scale', factor });

/**
 * Mean and standard deviation of each column as measured on the training samples, in float64; a column that is constant there has
 * the deviation 1. `rounding` is the largest error that rounding a raw value to float32 causes, in deviations. Samples count in the order
 * of the file, so that numbers in memory and on the disk give the same.
 */
export async function standardise(numbers: RowNumbers, training: Int32Array, size: number): Promise<NumberPreparation> {
  const { width } = numbers;
  const isTraining = new Uint8Array(size);
  for (const sample of training) isTraining[sample] = 1;
  /** Calls `add` with each training row: the block that it is in, and where it begins. */
  const eachRow = async (add: (block: Float64Array, at: number) => void): Promise<void> => {
    let sample = 0;
    for await (const block of numbers.blocks()) {
      for (let at = 0; at < block.length; at += width) if (isTraining[sample++] === 1) add(block, at);
    }
  };
  // Measured from the first value, so that the mean of a constant column is its value to the last digit.
  const first = await numbers.read(training.subarray(0, 1));
  const shift = new Float64Array(width);
  await eachRow((block, at) => {
    for (let i = 0; i < width; i++) shift[i] = (shift[i] as number) + ((block[at + i] as number) - (first[i] as number)) / training.length;
  });
  const mean = shift.map((one, i) => (first[i] as number) + one);
  const variance = new Float64Array(width);
  const largest = new Float64Array(width);
  await eachRow((block, at) => {
    for (let i = 0; i < width; i++) {
      const value = block[at + i] as number;
      variance[i] = (variance[i] as number) + (value - (mean[i] as number)) ** 2 / training.length;
      const error = Math.abs(Math.fround(value) - value);
      if (error > (largest[i] as number)) largest[i] = error;
    }
  });
  const deviation = variance.map((one) => Math.sqrt(one) || 1);
  const rounding = largest.map((error, i) => error / (deviation[i] as number));
  return { type: 'standardise', mean: [...mean], deviation: [...deviation], rounding: rounding.reduce((a, b) => Math.max(a, b)) };
}
