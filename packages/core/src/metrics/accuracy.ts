import { z } from 'zod';
import { defineMetric } from '../kit/define.js';
import { isCorrect } from './predictions.js';

/**
 * Share of samples whose most likely class is the label: mean of [argmax z = y]; the first of equal logits counts as the largest.
 * @example createMetrics({ classes: 10, metrics: [accuracy()] })
 */
export const accuracy = defineMetric({
  type: 'accuracy',
  better: 'max',
  unit: 'share',
  range: [0, 1],
  options: z.strictObject({}).describe('share whose likeliest class is the label'),
  create: () => ({ sample: ({ student, labels }) => isCorrect(student, labels) }),
});
