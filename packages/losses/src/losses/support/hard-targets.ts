import * as tf from '@tensorflow/tfjs-core';

/**
 * Labels as target distributions: (1 − ε)·onehot + ε/classes. A label outside of the classes (−100 by custom for
 * a position that does not count) gives a row of zeros.
 */
export function hardTargets(labels: tf.Tensor, { shape }: tf.Tensor, smoothing = 0): tf.Tensor {
  const classes = shape[shape.length - 1] as number;
  const integers = labels.dtype === 'int32' ? labels : tf.cast(labels, 'int32');
  const oneHot = tf.oneHot(integers as tf.Tensor1D, classes, 1, 0, 'float32');
  if (smoothing === 0) return oneHot;
  const counted = tf.sum(oneHot, -1, true);
  return tf.add(tf.mul(oneHot, 1 - smoothing), tf.mul(counted, smoothing / classes));
}
