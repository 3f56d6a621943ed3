import { defineTemperature, tf, type Schedule, type TemperatureSchedule } from '@temper/core';
import { z } from 'zod';
import { lowest, temperature as inRange } from '../options.js';
import { base as checked } from './bounds.js';
import { detached, shifted } from './graph.js';
import { labelOf, pairOf } from './pair.js';

/**
 * Chooses for each sample one of several pairs of temperatures, one for the label's logit and one for the other classes: the pair at which
 * the teacher's probabilities of the wrong classes vary most, Var p_c over c ≠ label. Of equal ones the first pair is used. The student
 * has `student`. No gradient passes through the choice.
 *
 * Shape `[..., classes]` for the teacher. The pairs are those of `ats` (arXiv 2210.04427), which argues that this variance is what a
 * student learns from; the rule of the choice is Temper's own.
 * @example asymmetricPerSample({ pairs: [{ target: 2, other: 1 }, { target: 4, other: 2 }] })
 */
export const asymmetricPerSample = defineTemperature({
  type: 'asymmetric-per-sample',
  options: (ref) =>
    z
      .strictObject({
        pairs: z
          .array(z.strictObject({ target: inRange.min(lowest), other: inRange.min(lowest) }))
          .min(1)
          .max(64)
          .describe('the pairs, each with `target` for the label and `other` for the other classes'),
        student: ref.schedule.optional().describe('temperature of the student; default 1'),
      })
      .describe('per sample the pair of `pairs` at which the wrong classes of the teacher vary most[, student at `student`]'),
  create({ pairs, student = one }): TemperatureSchedule {
    const ofStudent = checked(student, lowest, 'student');
    return {
      scalars: (at) => ({ student: ofStudent(at) }),
      temperature: ({ scalars, teacher, labels }) => ({
        student: scalars['student'] as tf.Scalar,
        teacher: detached([teacher], () => mostVaried(teacher, labels, pairs)),
      }),
    };
  },
});

const one: Schedule = () => 1;

function mostVaried(
  teacher: tf.Tensor,
  labels: tf.Tensor,
  pairs: readonly { readonly target: number; readonly other: number }[],
): tf.Tensor {
  const wrong = tf.sub(1, labelOf(labels, teacher));
  const candidates = pairs.map(({ target, other }) => pairOf(labels, teacher, tf.scalar(target), tf.scalar(other)));
  const varied = candidates.map((temperature) => variance(tf.softmax(shifted(tf.div(teacher, temperature))), wrong));
  let [best, most] = [candidates[0] as tf.Tensor, varied[0] as tf.Tensor];
  for (let i = 1; i < pairs.length; i++) {
    const own = varied[i] as tf.Tensor;
    best = tf.where(tf.greater(own, most), candidates[i] as tf.Tensor, best);
    most = tf.maximum(most, own);
  }
  return best;
}

/** Variance over the classes that count, `[..., 1]`. */
function variance(values: tf.Tensor, counts: tf.Tensor): tf.Tensor {
  const number = tf.sum(counts, -1, true);
  const mean = tf.div(tf.sum(tf.mul(values, counts), -1, true), number);
  return tf.div(tf.sum(tf.mul(tf.square(tf.sub(values, mean)), counts), -1, true), number);
}
