import { TemperError } from '../errors.js';

/** Refuses an index outside of a data set: typed arrays would return undefined for it. */
export function checkIndices(indices: Int32Array, size: number): void {
  const wrong = indices.findIndex((index) => !(index >= 0 && index < size));
  if (wrong >= 0) {
    throw new TemperError({
      code: 'data/invalid',
      path: `indices[${wrong}]`,
      message: `must be from 0 to ${size - 1}, got ${indices[wrong]}`,
    });
  }
}
