import type { NumberPreparation } from '@temper/core';
import type { Table } from './read-table.js';

/** A factor for every number; 1 leaves samples as they are. */
export const multiply = (factor: number): NumberPreparation => (factor === 1 ? { type: 'none' } : { type: 'scale', factor });

/**
 * Mean and standard deviation of each column as measured on the training samples, in float64; a column that is constant there has
 * the deviation 1. `rounding` is the largest error that rounding a raw value to float32 causes, in deviations.
 */
export function standardise({ inputs, width }: Table, training: Int32Array): NumberPreparation {
  const columns = Array.from({ length: width }, (_, i) => i);
  const zeros = (): Float64Array => new Float64Array(width);
  // Measured from the first value, so that the mean of a constant column is its value to the last digit.
  const first = inputs.slice((training[0] as number) * width, ((training[0] as number) + 1) * width);
  const shift = zeros();
  eachRow(training, width, (at) => {
    for (let i = 0; i < width; i++) shift[i] = (shift[i] as number) + ((inputs[at + i] as number) - (first[i] as number)) / training.length;
  });
  const mean = shift.map((one, i) => (first[i] as number) + one);
  const variance = zeros();
  eachRow(training, width, (at) => {
    for (let i = 0; i < width; i++) variance[i] = (variance[i] as number) + ((inputs[at + i] as number) - (mean[i] as number)) ** 2 / training.length;
  });
  const deviation = variance.map((one) => Math.sqrt(one) || 1);
  const largest = zeros();
  eachRow(training, width, (at) => {
    for (let i = 0; i < width; i++) {
      const value = inputs[at + i] as number;
      largest[i] = Math.max(largest[i] as number, Math.abs(Math.fround(value) - value));
    }
  });
  const rounding = columns.map((i) => (largest[i] as number) / (deviation[i] as number));
  return { type: 'standardise', mean: [...mean], deviation: [...deviation], rounding: rounding.reduce((a, b) => Math.max(a, b)) };
}

/** Visits the rows of some samples, as they are in memory. */
function eachRow(samples: Int32Array, width: number, visit: (at: number) => void): void {
  for (const sample of samples) visit(sample * width);
}
