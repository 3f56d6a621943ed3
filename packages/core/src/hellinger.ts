import type * as tfjs from '@tensorflow/tfjs-core';
import { tf } from '#libraries';

/**
 * Squared Hellinger distance of the softmaxes of two sets of logits: ½ Σ (√p − √q)², from 0 to 1, `[..., classes]` to `[..., 1]`. With
 * h = log(p/q)/2 a difference of roots is the larger root times 1 − e^−|h|, which stays accurate for p near q.
 * @example squaredHellinger(tf.tensor2d([[0, 0]]), tf.tensor2d([[0, 0]])) // [[0]]
 */
export function squaredHellinger(student: tfjs.Tensor, teacher: tfjs.Tensor): tfjs.Tensor {
  const [q, p] = [tf.logSoftmax(student), tf.logSoftmax(teacher)];
  const larger = tf.exp(tf.mul(tf.maximum(p, q), 0.5));
  const apart = tf.mul(larger, tf.expm1(tf.mul(tf.abs(tf.sub(p, q)), -0.5)));
  return tf.mul(tf.sum(tf.square(apart), -1, true), 0.5);
}
