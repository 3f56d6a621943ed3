import * as tf from '@tensorflow/tfjs-core';
import { fromLargest, hidden, logSumExp } from './probabilities.js';

/** A sample's logits as seen from its label; `label` is one-hot, `[..., classes]`. */
export interface LabelAndOthers {
  /** The logits with the label's hidden. */
  readonly others: tf.Tensor;
  /** The logits of "the label" and "another class", `[..., 2]`. */
  readonly coin: tf.Tensor;
}

export function splitByLabel(logits: tf.Tensor, label: tf.Tensor): LabelAndOthers {
  const shifted = fromLargest(logits);
  const others = tf.add(shifted, tf.mul(label, hidden));
  return { others, coin: tf.concat([tf.sum(tf.mul(shifted, label), -1, true), logSumExp(others)], -1) };
}

/** −log softmax(z)_label as softplus of the coin's log odds, which keeps its digits for a sample that is all but certain. */
export function surprise(logits: tf.Tensor, label: tf.Tensor): tf.Tensor {
  const [ofLabel, ofOthers] = tf.split(splitByLabel(logits, label).coin, 2, -1) as [tf.Tensor, tf.Tensor];
  return tf.squeeze(tf.softplus(tf.sub(ofOthers, ofLabel)), [-1]);
}
