import { tf } from '@temper/core';
import { withGradient } from './with-gradient.js';

/** Mean over the last axis of (x − y)², `[..., n]` to `[...]`. */
export function meanSquaredError(x: tf.Tensor, y: tf.Tensor): tf.Tensor {
  return withGradient(
    [x, y],
    () => {
      const difference = tf.sub(x, y);
      return { value: tf.mean(tf.square(difference), -1), saved: { difference } };
    },
    (dy, { difference }) => {
      const pull = tf.mul(difference, tf.expandDims(tf.mul(dy, 2 / (x.shape[x.rank - 1] as number)), -1));
      return [pull, tf.neg(pull)];
    },
  );
}
