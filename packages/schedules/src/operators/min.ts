import { z } from 'zod';
import { defineOperator } from '../combine/operator.js';
import { smaller } from '../combine/broadcast.js';
import { foldPointwise } from '../combine/pointwise.js';

/**
 * Smallest of all parts at the same update.
 * @example min([linear({ from: 20, to: 1 }), 10])({ step: 0, total: 100 }) // 10
 */
export const min = defineOperator({
  type: 'min',
  options: (ref) => z.strictObject({ of: z.array(ref.temperature).min(1).describe('the parts') }).describe('smallest of `of`'),
  shorthand: 'of',
  create: ({ of }) => foldPointwise(of, Math.min, smaller),
});
