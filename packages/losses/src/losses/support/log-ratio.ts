import * as tf from '@tensorflow/tfjs-core';

/**
 * log(p/q) for p = softmax(x) and q = softmax(y), as (x − y) − (max x − max y) + log(max p / max q): neither
 * underflows, and differences stay exact where x and y nearly agree. For the forward pass of `withGradient`.
 */
export function logRatio(x: tf.Tensor, p: tf.Tensor, y: tf.Tensor, q: tf.Tensor): tf.Tensor {
  const most = (values: tf.Tensor): tf.Tensor => tf.max(values, -1, true);
  const normalizers = tf.sub(tf.sub(most(x), most(y)), tf.log(tf.div(most(p), most(q))));
  return tf.sub(tf.sub(x, y), normalizers);
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
