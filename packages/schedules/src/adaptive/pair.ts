import { tf } from '@temper/core';
import { detached } from './graph.js';

/** 1 for the label of each sample and 0 for the other classes, `[..., classes]`; 0 for all where the label is outside of the classes. */
export function labelOf(labels: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const integers = labels.dtype === 'int32' ? labels : tf.cast(labels, 'int32');
  return tf.oneHot(integers, logits.shape[logits.rank - 1] as number, 1, 0, 'float32');
}

/** The temperature `target` for the label of each sample and `other` for the other classes, `[..., classes]`. */
export function pairOf(labels: tf.Tensor, logits: tf.Tensor, target: tf.Tensor, other: tf.Tensor): tf.Tensor {
  const label = detached([logits], () => labelOf(labels, logits));
  return tf.add(tf.mul(label, target), tf.mul(tf.sub(1, label), other));
}
