import { defineLoss, meanOverCounted, scheduleWithin, tf } from '@temper/core';
import { z } from 'zod';
import { createLoss } from './support/create-loss.js';
import { divergence } from './support/divergence.js';
import { mostPairs, rowsOf, type Rows } from './support/rows.js';
import { scheduledValue, withSchedules } from './support/scheduled.js';
import { soften } from './support/soft-loss.js';

/**
 * Multi-level logit distillation: the sum over several temperatures T of three parts,
 * L = Σ_T instance·T²·mean KL(p ‖ q) + batch·‖P·Pᵀ − Q·Qᵀ‖²/B + class·‖Pᵀ·P − Qᵀ·Q‖²/classes, where P and Q are the probabilities of
 * teacher and student for the batch at T, `[B, classes]`: how samples relate to each other, and how classes do.
 *
 * Takes logits `[..., classes]` of both; gives one value for the batch, 0 for identical logits. Positions of sequences are samples. The
 * temperatures are the loss's own, each a number or a schedule; the stage's temperature is not used.
 *
 * Source: the authors' code of "Multi-level Logit Distillation" (CVPR 2023), whose three functions and five temperatures these are. Its
 * training step differs: it needs a weakly and a strongly changed view of each image, drops some of the terms for one of them, and
 * multiplies means by the share of confident samples.
 * @throws TemperError without a teacher, or with shapes that do not fit.
 * @example multiLevelLogits({ temperatures: [2, 4] })({ student, teacher })
 */
export const multiLevelLogits = defineLoss({
  type: 'multi-level-logits',
  options: (ref) =>
    z.strictObject({
      temperatures: z.array(ref.schedule).min(1).max(100).optional().describe('temperatures of the sum; default 2, 3, 4, 5, 6'),
      instance: weight.describe('weight of the divergence of each sample'),
      batch: weight.describe('weight of the relations of samples'),
      class: weight.describe('weight of the relations of classes'),
    }),
  create: ({ temperatures = usual.map((T) => () => T), instance, batch, class: ofClasses }) => {
    const schedules = temperatures.map((one, i) => scheduleWithin(one, { path: `temperatures[${i}]`, min: lowest }));
    const loss = createLoss(
      ['teacher'],
      (x) => {
        const atEach = schedules.map((schedule, i) => {
          const own = scheduledValue(x, nameOf(i), schedule);
          const T = typeof own === 'number' ? tf.scalar(own) : own;
          const soft = soften(x, { student: T, teacher: T });
          const kl = tf.mul(meanOverCounted(divergence(soft), x.mask), tf.mul(tf.square(T), instance));
          const rows = rowsOf({ student: tf.softmax(soft.student), teacher: tf.softmax(soft.teacher) }, x);
          return tf.add(kl, relations(rows, batch, ofClasses));
        });
        return atEach.reduce((sum, value) => tf.add(sum, value));
      },
      { acrossSamples: true, mostSamples: mostPairs() },
    );
    return withSchedules(loss, Object.fromEntries(schedules.map((schedule, i) => [nameOf(i), schedule])));
  },
});

const weight = z.number().min(0).default(1);
const usual = [2, 3, 4, 5, 6];
const lowest = 0.05;
const nameOf = (i: number): string => `temperature_${i + 1}`;

/** The squared differences of the relations of samples, and of those of classes. */
function relations(rows: Rows, ofSamples: number, ofClasses: number): tf.Tensor {
  const { student: q, teacher: p } = rows;
  const classes = q.shape[1] as number;
  const apart = (transposed: boolean): tf.Tensor =>
    tf.sum(tf.square(tf.sub(tf.matMul(p, p, transposed, !transposed), tf.matMul(q, q, transposed, !transposed))));
  return tf.add(tf.mul(tf.div(apart(false), rows.count), ofSamples), tf.mul(tf.div(apart(true), classes), ofClasses));
}
