import { tf } from '#libraries';

/** The label of a position that is not counted: padding, or a token that must not be learned. */
export const ignoredLabel = -100;

/**
 * Mean over the counted positions: Σ mask·value / Σ mask, and the plain mean without a mask; 0 if no position is counted.
 *
 * `mask` has the shape of the labels, 1 = counted. Values with more dimensions (`[..., 1]`) are averaged over them first. Values
 * with fewer (`[batch]` for labels `[batch, length]`) are counted if any of their positions is. A scalar is returned unchanged.
 * @example meanOverCounted(tf.tensor1d([1, 2, 9]), tf.tensor1d([1, 1, 0])) // 1.5
 */
export function meanOverCounted(values: tf.Tensor, mask?: tf.Tensor): tf.Scalar {
  if (values.rank === 0) return values as tf.Scalar;
  if (mask === undefined) return tf.mean(values);
  const [own, counted] = fitted(values, tf.cast(mask, 'float32'));
  return tf.div(tf.sum(tf.mul(own, counted)), tf.maximum(tf.sum(counted), 1));
}

/** Reduces values and mask to the smaller number of dimensions; `[batch, 1]` stays and applies to all positions of a sample. */
function fitted(values: tf.Tensor, mask: tf.Tensor): readonly [values: tf.Tensor, mask: tf.Tensor] {
  const rest = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
  if (values.rank > mask.rank) return [tf.mean(values, rest(mask.rank, values.rank)), mask];
  if (values.rank < mask.rank) return [values, tf.max(mask, rest(values.rank, mask.rank))];
  return [values, mask];
}
