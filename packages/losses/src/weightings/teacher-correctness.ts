import { defineWeighting, tf } from '@temper/core';
import { z } from 'zod';
import { splitByTrust } from './support/trust.js';

/**
 * Weighs each sample by whether its teacher is right: w_soft = α·c, w_hard = 1 − α·c with c = 1 where the teacher's
 * likeliest class is the label, and `wrong` (default 0) where it is not. α is `soft`, a number or a schedule within
 * [0, 1]; with `wrong: 1` this is `alpha`.
 *
 * Not from a paper: it drops the mistakes of the teacher, whereas 1911.07471 corrects its probabilities.
 * @throws TemperError where the run has no teacher, or `soft` leaves [0, 1].
 * @see arXiv 1911.07471
 * @example teacherCorrectness({ soft: 0.9, wrong: 0.2 })
 */
export const teacherCorrectness = defineWeighting({
  type: 'teacher-correctness',
  shorthand: 'soft',
  options: (ref) =>
    z.strictObject({
      soft: ref.schedule.describe('weight of the soft loss where the teacher is right, from 0 to 1: a number or a schedule'),
      wrong: z.number().min(0).max(1).default(0).describe('trust in a teacher whose likeliest class is wrong'),
    }),
  create: ({ soft, wrong }) =>
    splitByTrust('teacher-correctness', soft, (teacher, labels) => {
      const right = tf.cast(tf.equal(tf.argMax(teacher, -1), tf.cast(labels, 'int32')), 'float32');
      return wrong === 0 ? right : tf.add(tf.mul(right, 1 - wrong), wrong);
    }),
});
