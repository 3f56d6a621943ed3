import * as tf from '@tensorflow/tfjs-core';
import type { Loss } from '@temper/core';
import { inputsOf, tensorsOf, type LossCase } from './check-loss-cases.js';

/** Returns different weights, so that a gradient in the wrong sample is visible. */
export const weightsFor = (length: number): number[] => Array.from({ length }, (_, i) => 1 + 0.5 * ((i * 3) % 4));

/** Returns the gradients of the weighted sum of the values, for every part. */
export function gradientsOf(loss: Loss, one: LossCase): Record<string, number[]> {
  return tf.tidy(() => {
    const [names, tensors] = [Object.keys(one.parts), Object.values(tensorsOf(one))];
    const weigh = (...given: tf.Tensor[]): tf.Tensor => {
      const values = loss(inputsOf(loss, one, Object.fromEntries(names.map((name, i) => [name, given[i] as tf.Tensor]))));
      const sum = tf.sum(tf.mul(values, tf.tensor(weightsFor(values.size), values.shape)));
      // Every part contributes to the result, also where the loss does not use it.
      return given.reduce<tf.Tensor>((total, part) => tf.add(total, tf.mul(0, tf.sum(part))), sum);
    };
    return Object.fromEntries(
      tf
        .grads(weigh)(tensors)
        .map((gradient, i) => [names[i] as string, Array.from(gradient.dataSync())]),
    );
  });
}
/** The largest factor of rounding errors: temperatures are at most 4, and rounding is multiplied by up to T². */
export const scale = 16;
