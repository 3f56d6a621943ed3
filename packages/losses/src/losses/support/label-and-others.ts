import { tf } from '@temper/core';
import { sumsApart } from './divergence.js';
import { fromLargest, hidden, logSumExp } from './probabilities.js';
import { aligned, type Softened } from './softened.js';

/** Logits relative to the label of each sample. */
export interface LabelAndOthers {
  /** The logits with the label's hidden. */
  readonly others: Softened;
  /** The logits of "the label" and "another class", `[..., 2]`. */
  readonly coin: Softened;
}

/** `label` is one-hot, `[..., classes]`. */
export function splitByLabel({ student, teacher, apart }: Softened, label: tf.Tensor): LabelAndOthers {
  const [ofStudent, ofTeacher] = [student, teacher].map((logits) => split(logits, label)) as [Split, Split];
  const others = { student: ofStudent.others, teacher: ofTeacher.others, apart };
  const coin = ({ ofLabel, ofOthers }: Split): tf.Tensor => tf.concat([ofLabel, ofOthers], -1);
  return {
    others: aligned(others),
    coin: aligned({
      student: coin(ofStudent),
      teacher: coin(ofTeacher),
      apart: tf.concat([tf.sum(tf.mul(apart, label), -1, true), sumsApart(others)], -1),
    }),
  };
}

type Split = Readonly<Record<'others' | 'ofLabel' | 'ofOthers', tf.Tensor>>;

function split(logits: tf.Tensor, label: tf.Tensor): Split {
  const others = tf.add(logits, tf.mul(label, hidden));
  return { others, ofLabel: tf.sum(tf.mul(logits, label), -1, true), ofOthers: logSumExp(others) };
}

/** −log softmax(z)_label as softplus of the log odds of the label, which stays accurate for a sample that is nearly certain. */
export function surprise(logits: tf.Tensor, label: tf.Tensor): tf.Tensor {
  const { ofLabel, ofOthers } = split(fromLargest(logits), label);
  return tf.squeeze(tf.softplus(tf.sub(ofOthers, ofLabel)), [-1]);
}
