import * as tf from '@tensorflow/tfjs-core';

/**
 * log softmax(x) from x and p = softmax(x), as x − max x + log max p. The largest probability is at least
 * 1 / classes, so the logarithm never sees an underflow, and p is at hand for the gradient: two operations fewer
 * than by exp and sum.
 */
export function logProbabilities(logits: tf.Tensor, probabilities: tf.Tensor): tf.Tensor {
  const shifted = tf.sub(logits, tf.max(logits, -1, true));
  return tf.add(shifted, tf.log(tf.max(probabilities, -1, true)));
}

/** The same values without a path for gradients: the teacher is a constant of every loss. */
export const constant = tf.customGrad((x) => ({
  value: tf.clone(x as tf.Tensor),
  gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
}));
