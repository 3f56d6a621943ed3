import * as tf from '@tensorflow/tfjs-core';
import type { Batch, DataSet } from '../../contracts/data.js';
import type { Network } from '../../contracts/network.js';
import { askLogits } from '../../networks/ask-logits.js';
import type { Teacher } from '../plan/trained-network.js';
import type { Session } from './session.js';
import { knownLogits } from './teacher-logits.js';

/** A teacher over one data set. */
export interface TeacherView {
  /**
   * Returns logits of a batch that are computed outside the step: cached ones, or a mixture of several teachers; undefined if `inside`
   * runs as a part of the step. `update` is left out in evaluations. The caller disposes them.
   */
  logits(indices: Int32Array, batch: Batch, update?: number): tf.Tensor | undefined;
  /** Returns the logits of all samples, if they are kept; the caller disposes them. */
  all(): tf.Tensor | undefined;
  /** The teacher's network, if it is a single network. */
  readonly inside: Network | undefined;
}

/** Creates a view of a teacher over a data set; its logits are computed once and kept if possible. */
export async function teacherView(teacher: Teacher, data: DataSet, phase: string, session: Session): Promise<TeacherView> {
  if (teacher.kind === 'network') {
    const known = await knownLogits(teacher.network, data, phase, session);
    const { network } = teacher;
    const outside = (batch: Batch): tf.Tensor | undefined =>
      network.isExternal === true ? tf.tidy(() => askLogits(network, batch.inputs, { training: false })) : undefined;
    return {
      logits: (indices, batch) => known?.gather(indices) ?? outside(batch),
      all: () => known?.all(),
      inside: network.isExternal === true ? undefined : network,
    };
  }
  const members: TeacherView[] = [];
  for (const [i, member] of teacher.of.entries())
    members.push(await teacherView(member, data, `${phase} ${i + 1}/${teacher.of.length}`, session));
  const all = (indices: Int32Array, batch: Batch, update?: number): tf.Tensor[] =>
    members.map((member) => logitsOf(member, indices, batch, update));
  return {
    inside: undefined,
    all: () => undefined,
    logits(indices, batch, update) {
      if (teacher.combine === 'random' && update !== undefined) {
        const chosen = session.random.stream('teacher', update).integer(members.length);
        return logitsOf(members[chosen] as TeacherView, indices, batch, update);
      }
      return tf.tidy(() => {
        const logits = all(indices, batch, update);
        return teacher.combine === 'confidence' ? byConfidence(logits, batch.labels) : tf.div(tf.addN(logits), logits.length);
      });
    },
  };
}

/** Returns the logits of a batch, cached or computed. */
export const logitsOf = (view: TeacherView, indices: Int32Array, batch: Batch, update?: number): tf.Tensor =>
  view.logits(indices, batch, update) ?? tf.tidy(() => askLogits(view.inside as Network, batch.inputs, { training: false }));

/**
 * Mixes logits, weighted for each sample by how well each teacher predicts the label:
 * w_k = (1 − exp(CE_k) / Σ_j exp(CE_j)) / (K − 1), where CE_k is the cross-entropy of teacher k with the label (2201.00007).
 */
function byConfidence(logits: readonly tf.Tensor[], labels: tf.Tensor): tf.Tensor {
  if (logits.length === 1) return tf.clone(logits[0] as tf.Tensor);
  const classes = (logits[0] as tf.Tensor).shape.at(-1) as number;
  const hot = tf.oneHot(tf.cast(labels, 'int32'), classes);
  const crossEntropies = logits.map((one) => tf.neg(tf.sum(tf.mul(hot, tf.logSoftmax(one)), -1, true)));
  const shares = tf.softmax(tf.concat(crossEntropies, -1), -1);
  const weights = tf.split(tf.div(tf.sub(1, shares), logits.length - 1), logits.length, -1);
  return tf.addN(logits.map((one, k) => tf.mul(one, weights[k] as tf.Tensor)));
}
