import { tf } from '@temper/core';
import { z } from 'zod';
import { defineOperator } from '../combine/operator.js';
import { foldPointwise } from '../combine/pointwise.js';

/**
 * Product of all parts at the same update, for instance a curve under a slower decay.
 * @example product([cyclic({ from: 1, to: 4, cycles: 5 }), linear({ from: 5, to: 1 })])({ step: 0, total: 100 }) // 5
 */
export const product = defineOperator({
  type: 'product',
  options: (ref) => z.strictObject({ of: z.array(ref.temperature).min(1).describe('the parts') }).describe('product of `of`'),
  shorthand: 'of',
  create: ({ of }) => foldPointwise(of, (a, b) => a * b, tf.mul),
});
