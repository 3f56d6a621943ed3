import { tf } from '@temper/core';
import { withoutGradient } from '../../losses/support/without-gradient.js';

/**
 * Weights as a formula over one number for each loss, `[losses]` to `[losses]`. They are constants for the gradient: the derivative of the
 * total by a loss is its weight.
 */
export function weightsFrom(
  numbers: Readonly<Record<string, tf.Scalar>>,
  formula: (numbers: tf.Tensor1D) => tf.Tensor,
): Record<string, tf.Scalar> {
  const names = Object.keys(numbers);
  const weights = tf.unstack(withoutGradient(() => formula(tf.stack(Object.values(numbers)) as tf.Tensor1D)));
  return Object.fromEntries(names.map((name, i) => [name, weights[i] as tf.Scalar]));
}

/** Scaled so that the weights sum to their number, as equal weights of 1 do. */
export const sumToCount = (weights: tf.Tensor1D): tf.Tensor => tf.mul(weights, tf.div(weights.size, tf.sum(weights)));
