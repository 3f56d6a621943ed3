import { z } from 'zod';
import { defineOperator } from '../combine/operator.js';
import { larger } from '../combine/broadcast.js';
import { foldPointwise } from '../combine/pointwise.js';

/**
 * Largest of all parts at the same update.
 * @example max([exponential({ from: 20, to: 0.1 }), 1])({ step: 99, total: 100 }) // 1
 */
export const max = defineOperator({
  type: 'max',
  options: (ref) => z.strictObject({ of: z.array(ref.temperature).min(1).describe('the parts') }).describe('largest of `of`'),
  shorthand: 'of',
  create: ({ of }) => foldPointwise(of, Math.max, larger),
});
