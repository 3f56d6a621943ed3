import { z } from 'zod';
import { defineMetric } from '../kit/define.js';
import { isCorrect } from './predictions.js';

/**
 * Share of samples whose likeliest class is the label: mean of [argmax z = y]; of equal logits the first is the likeliest.
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
