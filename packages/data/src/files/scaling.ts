import type { Table } from './read-table.js';

/** Changes samples, `width` numbers each, in place. */
export type Scaling = (inputs: Float32Array) => void;

/** Multiplies every number. */
export const multiply = (factor: number): Scaling => (inputs) => {
  for (let i = 0; i < inputs.length; i++) inputs[i] = (inputs[i] as number) * factor;
};

/**
 * Brings each column to mean 0 and standard deviation 1 as measured on the training samples: x ← (x − mean) / sd. A column that is
 * constant there becomes x − mean.
 */
export function standardise({ inputs, width }: Table, training: Int32Array): Scaling {
  const mean = new Float64Array(width);
  for (const sample of training) for (let i = 0; i < width; i++) mean[i] = (mean[i] as number) + (inputs[sample * width + i] as number) / training.length;
  const variance = new Float64Array(width);
  for (const sample of training) {
    for (let i = 0; i < width; i++) variance[i] = (variance[i] as number) + ((inputs[sample * width + i] as number) - (mean[i] as number)) ** 2 / training.length;
  }
  const sd = variance.map((value) => Math.sqrt(value) || 1);
  return (values) => {
    for (let i = 0; i < values.length; i++) values[i] = ((values[i] as number) - (mean[i % width] as number)) / (sd[i % width] as number);
  };
}
