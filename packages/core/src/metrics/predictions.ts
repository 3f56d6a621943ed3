import { tf } from '#libraries';
import type { Predictions } from '../contracts/metric.js';

/** Returns the values that metrics derive from logits. */
export function predictionsOf(logits: tf.Tensor2D): Predictions {
  const shifted = tf.sub<tf.Tensor2D>(logits, tf.max(logits, 1, true));
  const exponentials = tf.exp(shifted);
  const sum = tf.sum<tf.Tensor2D>(exponentials, 1, true);
  return { logits, shifted, logSum: tf.log(sum), probabilities: tf.div(exponentials, sum), top: tf.argMax(logits, 1) };
}

/** Returns 0 for each sample, NaN where one of its logits is NaN or +∞: comparisons and argMax would hide that. */
export const flawOf = ({ logSum }: Predictions): tf.Tensor1D => tf.mul(tf.squeeze<tf.Tensor1D>(logSum, [1]), 0);

/** Returns the shifted logit of the label, `[n]`. */
export const ofLabel = ({ shifted }: Predictions, oneHot: tf.Tensor2D): tf.Tensor1D =>
  tf.sum(tf.where(tf.cast(oneHot, 'bool'), shifted, tf.zerosLike(shifted)), 1);

/** Returns whether the label is the most likely class: 1 or 0 for each sample. */
export const isCorrect = ({ top }: Predictions, labels: tf.Tensor1D): tf.Tensor1D => tf.cast(tf.equal(top, labels), 'float32');
