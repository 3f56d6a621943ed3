import type { NumberPreparation } from '@temper/core';
import type { RowNumbers } from './row-numbers.js';

/** A factor for every number; 1 leaves samples as they are. */
export const multiply = (factor: number): NumberPreparation => (factor === 1 ? { type: 'none' } : { type: 'scale', factor });

/** Mean and deviation of each column, measured on the training samples in float64. */
interface Spread {
  readonly mean: Float64Array;
  /** Standard deviations; those of columns that are constant up to the rounding of float64 are 0. */
  readonly deviation: Float64Array;
  /** The largest error that rounding `factor` times a number to float32 causes. */
  readonly error: Float64Array;
}

/** A deviation that is smaller in comparison to the mean is the rounding of float64. */
const float64Rounding = 2 ** -50;

/** Measures the columns. Samples count in the order of the file, so that numbers in memory and on the disk give the same. */
async function spreadOf(numbers: RowNumbers, training: Int32Array, size: number, factor = 1): Promise<Spread> {
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
  const error = new Float64Array(width);
  await eachRow((block, at) => {
    for (let i = 0; i < width; i++) {
      const value = block[at + i] as number;
      variance[i] = (variance[i] as number) + (value - (mean[i] as number)) ** 2 / training.length;
      const own = Math.abs(Math.fround(value * factor) - value * factor);
      if (own > (error[i] as number)) error[i] = own;
    }
  });
  const deviation = variance.map((one, i) => (Math.sqrt(one) > float64Rounding * Math.abs(mean[i] as number) ? Math.sqrt(one) : 0));
  return { mean, deviation, error };
}

/**
 * Mean and standard deviation of each column as measured on the training samples, in float64. A column that is constant there has
 * its size as deviation, and at least 1. `rounding` is the largest error that rounding a raw value to float32 causes, in deviations.
 */
export async function standardise(numbers: RowNumbers, training: Int32Array, size: number): Promise<NumberPreparation> {
  const { mean, deviation: measured, error } = await spreadOf(numbers, training, size);
  const deviation = measured.map((one, i) => (one > 0 ? one : Math.max(1, Math.abs(mean[i] as number))));
  const rounding = error.map((one, i) => one / (deviation[i] as number));
  return { type: 'standardise', mean: [...mean], deviation: [...deviation], rounding: rounding.reduce((a, b) => Math.max(a, b)) };
}

/** Errors above this share of a deviation cause a warning, as for networks that prepare their inputs. */
const tolerated = 2 ** -15;

/** The columns whose numbers become equal when they are only multiplied and stored in float32. */
export async function collapsing(numbers: RowNumbers, training: Int32Array, size: number, factor: number): Promise<number[]> {
  const { deviation, error } = await spreadOf(numbers, training, size, factor);
  const lost = error.map((one, i) => (deviation[i] === 0 ? 0 : one / Math.abs((deviation[i] as number) * factor)));
  return Array.from(lost.keys()).filter((column) => (lost[column] as number) > tolerated);
}
