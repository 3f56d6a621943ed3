import type { NumberPreparation } from '@temper/core';
import type { Table } from './read-table.js';

/** A factor for every number; 1 leaves samples as they are. */
export const multiply = (factor: number): NumberPreparation => (factor === 1 ? { type: 'none' } : { type: 'scale', factor });

/**
 * Mean and standard deviation of each column as measured on the training samples, in float64; a column that is constant there has
 * the deviation 1. `rounding` is the largest error that rounding a raw value to float32 causes, in deviations.
 */
export function standardise({ inputs, width }: Table, training: Int32Array): NumberPreparation {
  const first = inputs.subarray((training[0] as number) * width);
  /** A statistic of each column, put together from all training samples row by row, as they lie in memory. */
  const gather = (next: (soFar: number, value: number, column: number) => number): Float64Array => {
    const all = new Float64Array(width);
    for (const sample of training) {
      for (let i = 0; i < width; i++) all[i] = next(all[i] as number, inputs[sample * width + i] as number, i);
    }
    return all;
  };
  // Measured from the first value, so that the mean of a constant column is its value to the last digit.
  const from = (i: number): number => first[i] as number;
  const shift = gather((sum, value, i) => sum + (value - from(i)) / training.length);
  const mean = shift.map((one, i) => from(i) + one);
  const variance = gather((sum, value, i) => sum + (value - (mean[i] as number)) ** 2 / training.length);
  const deviation = variance.map((one) => Math.sqrt(one) || 1);
  const rounding = gather((most, value, i) => Math.max(most, Math.abs(Math.fround(value) - value) / (deviation[i] as number)));
  return { type: 'standardise', mean: [...mean], deviation: [...deviation], rounding: rounding.reduce((a, b) => Math.max(a, b)) };
}
