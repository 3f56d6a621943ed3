import * as tf from '@tensorflow/tfjs-core';

/**
 * log(p/q) for p = softmax(x) and q = softmax(y), from x − y, where 0 is the largest of x and of y: then −log of the largest
 * probability is what a softmax takes off, and it never underflows. For the forward pass of `withGradient`.
 */
export function logRatio(apart: tf.Tensor, p: tf.Tensor, q: tf.Tensor): tf.Tensor {
  return tf.add(apart, tf.log(tf.div(tf.max(p, -1, true), tf.max(q, -1, true))));
}

/**
 * log(1 − w + w·e^r) for 0 < w < 1, the logarithm of a mixture. Written with expm1 and log1p of −|r|, so that it neither
 * overflows nor loses digits around r = 0.
 */
export function logMixture(r: tf.Tensor, w: number): tf.Tensor {
  const shrunk = tf.expm1(tf.neg(tf.abs(r)));
  const weight = w === 0.5 ? w : tf.where(tf.greater(r, 0), 1 - w, w);
  return tf.add(tf.relu(r), tf.log1p(tf.mul(shrunk, weight)));
}
