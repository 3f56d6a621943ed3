import { tf } from '@temper/core';

/**
 * log(1 − w + w·e^r) for 0 < w < 1, the logarithm of a mixture. Written with expm1 and log1p of −|r|, so that it neither overflows nor
 * loses accuracy around r = 0.
 */
export function logMixture(r: tf.Tensor, w: number): tf.Tensor {
  const shrunk = tf.expm1(tf.neg(tf.abs(r)));
  const weight = w === 0.5 ? w : tf.where(tf.greater(r, 0), 1 - w, w);
  return tf.add(tf.relu(r), tf.log1p(tf.mul(shrunk, weight)));
}
