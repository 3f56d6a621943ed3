import { defineWeighting, tf } from '@temper/core';
import { z } from 'zod';
import { labelProbability, splitByTrust } from './support/trust.js';

/** 1 − H(p)/log C: 1 for one certain class, 0 for the uniform distribution. */
function certainty(logits: tf.Tensor): tf.Tensor {
  const logProbabilities = tf.logSoftmax(logits);
  const entropy = tf.neg(tf.sum(tf.mul(tf.exp(logProbabilities), logProbabilities), -1));
  return tf.clipByValue(tf.sub(1, tf.div(entropy, Math.log(Math.max(2, logits.shape.at(-1) as number)))), 0, 1);
}

const measures = {
  label: labelProbability,
  top: (teacher: tf.Tensor) => tf.max(tf.softmax(teacher), -1),
  entropy: certainty,
};

/**
 * Weighs each sample by its teacher's confidence c: w_soft = α·c, w_hard = 1 − α·c, so the student learns samples with an uncertain teacher
 * from their labels.
 *
 * c is, at temperature 1, by `measure`: `label` (default), the probability of the label; `top`, the largest
 * probability; `entropy`, 1 − H(p)/log C. α is `soft`, a number or a schedule within [0, 1]; with c = 1 this is `alpha`.
 *
 * The idea is that of confidence-aware distillation (2201.00007), which weighs several teachers by their
 * cross-entropy with the label; with a single teacher that has no effect, so here the hard loss gets the remaining weight.
 * @throws TemperError where the run has no teacher, or `soft` leaves [0, 1].
 * @see arXiv 2201.00007
 * @example teacherConfidence({ soft: 0.9, measure: 'entropy' })
 */
export const teacherConfidence = defineWeighting({
  type: 'teacher-confidence',
  shorthand: 'soft',
  options: (ref) =>
    z.strictObject({
      soft: ref.schedule.describe('weight of the soft loss where the teacher is certain, from 0 to 1: a number or a schedule'),
      measure: z.enum(['label', 'top', 'entropy']).default('label').describe('measure of confidence'),
    }),
  create: ({ soft, measure }) => splitByTrust('teacher-confidence', soft, measures[measure]),
});
