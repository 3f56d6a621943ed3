import { tf } from '@temper/core';

/**
 * The median of the values of counted positions, a scalar; the lower one of two, and 0 if no position is counted.
 * @param values One value for each position, `[..., 1]`, from 0 to 1e30.
 * @param mask 1 = counted, without the last dimension of the values.
 */
export function medianOfCounted(values: tf.Tensor, mask: tf.Tensor | undefined): tf.Tensor {
  const flat = tf.reshape(values, [-1]);
  const size = flat.size;
  const ascending = (all: tf.Tensor): tf.Tensor => tf.neg(tf.topk(tf.neg(all), size).values);
  if (mask === undefined) return tf.reshape(tf.slice(ascending(flat), [Math.floor((size - 1) / 2)], [1]), []);
  const counted = tf.reshape(tf.cast(mask, 'float32'), [-1]);
  const sorted = ascending(tf.where(tf.greater(counted, 0), flat, 1e30));
  const number = tf.sum(counted);
  const middle = tf.floor(tf.div(tf.sub(number, 1), 2));
  const isMiddle = tf.cast(tf.equal(tf.range(0, size, 1, 'float32'), middle), 'float32');
  return tf.sum(tf.mul(sorted, isMiddle));
}
