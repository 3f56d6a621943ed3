import { limits, type NetworkShape } from '@temper/core';
import { misfit } from './building.js';

/** Values of a dense layer: its kernel and its bias. */
export const denseValues = (inputs: number, units: number): number => (inputs + 1) * units;

/** Values of dense layers, one after the other. */
export const stackValues = (inputs: number, widths: readonly number[]): number =>
  widths.reduce((sum, width, i) => sum + denseValues(widths[i - 1] ?? inputs, width), 0);

/** Values of a convolution with a square kernel. */
export const convolutionValues = (kernel: number, channels: number, filters: number, hasBias: boolean): number =>
  kernel ** 2 * channels * filters + (hasBias ? filters : 0);

/**
 * Refuses a network that is too large for the memory.
 * @throws TemperError `model/invalid` for more than `limits.parameters` values.
 */
export function checkParameters(type: string, shape: NetworkShape, count: number): void {
  if (count <= limits.parameters) return;
  const of = `samples of shape [${shape.inputShape.join(', ')}] and ${shape.classes.toLocaleString('en')} classes`;
  throw misfit(
    type,
    shape,
    `has ${count.toLocaleString('en')} values for ${of}; at most ${limits.parameters.toLocaleString('en')} are built`,
    'Give fewer or narrower layers.',
  );
}
