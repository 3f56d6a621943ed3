import { tf } from '#libraries';
import { z } from 'zod';
import { defineMetric } from '../kit/define.js';

/**
 * Brier score: mean of Σ_c (p_c − onehot_c)², summed over the classes, from 0 to 2.
 * @example createMetrics({ classes: 10, metrics: [brier()] })
 */
export const brier = defineMetric({
  type: 'brier',
  better: 'min',
  unit: '',
  range: [0, 2],
  options: z.strictObject({}).describe('Σ (p − one-hot)² over the classes'),
  create: () => ({ sample: ({ student, oneHot }) => tf.sum(tf.squaredDifference(student.probabilities, oneHot), 1) }),
});
