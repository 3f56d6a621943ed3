import { tf } from '@temper/core';

/** ‖x‖ along an axis; a vector whose square underflows has the length `shortest`, which keeps quotients finite. */
export const lengthOf = (x: tf.Tensor, axis: number, shortest: number): tf.Tensor =>
  tf.maximum(tf.sqrt(tf.sum(tf.square(x), axis, true)), shortest);

/**
 * x/‖x‖ − y/‖y‖ as (x − y − y·(‖x‖ − ‖y‖)/‖y‖)/‖x‖, all of it from x − y, which is exact where the two nearly agree; `apart` may give a
 * more accurate difference. For the forward pass of `withGradient`.
 */
export function unitDifference(x: tf.Tensor, ofX: tf.Tensor, y: tf.Tensor, ofY: tf.Tensor, axis: number, apart = tf.sub(x, y)): tf.Tensor {
  const ratio = tf.div(ofX, ofY);
  // Within a factor of 2 the lengths are left alone, since multiplying would round.
  const isSimilar = tf.logicalAnd(tf.greater(ratio, 0.5), tf.less(ratio, 2));
  const factor = tf.where(isSimilar, tf.onesLike(ratio), ratio);
  const [near, ofNear] = [tf.mul(y, factor), tf.mul(ofY, factor)];
  const difference = tf.where(isSimilar, apart, tf.sub(x, near));
  const longer = tf.div(tf.sum(tf.mul(difference, tf.add(x, near)), axis, true), tf.add(ofX, ofNear));
  return tf.div(tf.sub(difference, tf.mul(near, tf.div(longer, ofNear))), ofX);
}
