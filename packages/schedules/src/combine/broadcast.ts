import { tf } from '@temper/core';

/** The largest of two temperatures at each place, of shapes that broadcast against each other. */
export const larger = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.maximum(...alike(a, b));

/** The smallest of two temperatures at each place, of shapes that broadcast against each other. */
export const smaller = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.minimum(...alike(a, b));

/** Gives both the same shape: the gradients of `maximum` and `minimum` are not summed over dimensions that were broadcast. */
function alike(a: tf.Tensor, b: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const spread = (one: tf.Tensor): tf.Tensor => (tf.util.arraysEqual(one.shape, shape) ? one : tf.add(one, tf.zeros(shape)));
  return [spread(a), spread(b)];
}
