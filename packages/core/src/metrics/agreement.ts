import { tf } from '#libraries';
import { z } from 'zod';
import { defineMetric } from '../kit/define.js';

/**
 * Share of samples for which student and teacher have the same most likely class.
 * @example createMetrics({ classes: 10, metrics: [agreement()] })
 */
export const agreement = defineMetric({
  type: 'agreement',
  better: 'max',
  unit: 'share',
  needs: ['teacher'],
  range: [0, 1],
  options: z.strictObject({}).describe('share with the same likeliest class as the teacher'),
  create: () => ({ sample: ({ student, teacher }) => tf.cast(tf.equal(student.top, teacher.top), 'float32') }),
});
