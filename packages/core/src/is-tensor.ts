import type * as tf from '@tensorflow/tfjs-core';

/** Returns whether a value is a tensor: by its members, not by instanceof, since it may come from another copy of tfjs. */
export const isTensor = (value: unknown): value is tf.Tensor =>
  typeof value === 'object' && value !== null && 'dataId' in value && 'shape' in value && Array.isArray(value.shape);

/** Names the kind of a value that was given in place of a tensor. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isPromise(value)) return 'a promise';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/** Handles the rejection of a promise that nothing awaits: it would otherwise end the process. */
export function takeFailure(given: unknown): void {
  try {
    if (isPromise(given)) given.then(undefined, () => undefined);
  } catch {
    // The getter of "then" throws at once.
  }
}
