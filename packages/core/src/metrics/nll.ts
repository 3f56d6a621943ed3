import { tf } from '#libraries';
import { z } from 'zod';
import { defineMetric } from '../kit/define.js';
import { ofLabel } from './predictions.js';

/**
 * Negative log-likelihood of the labels: mean of −log p(y), in nats.
 * @example createMetrics({ classes: 10, metrics: [nll()] })
 */
export const nll = defineMetric({
  type: 'nll',
  better: 'min',
  unit: 'nats',
  range: [0, Infinity],
  options: z.strictObject({}).describe('−log p(label), in nats'),
  create: () => ({
    sample: ({ student, oneHot }) => tf.sub(tf.squeeze<typeof student.top>(student.logSum, [1]), ofLabel(student, oneHot)),
  }),
});
