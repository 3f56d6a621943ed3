import { tf } from '@temper/core';
import { z } from 'zod';
import { defineOperator } from '../combine/operator.js';
import { foldPointwise } from '../combine/pointwise.js';

/**
 * Sum of all parts at the same update.
 * @example sum([linear({ from: 19, to: 0 }), 1])({ step: 0, total: 100 }) // 20
 */
export const sum = defineOperator({
  type: 'sum',
  options: (ref) => z.strictObject({ of: z.array(ref.temperature).min(1).describe('the parts') }).describe('sum of `of`'),
  shorthand: 'of',
  create: ({ of }) => foldPointwise(of, (a, b) => a + b, tf.add),
});
