import { defineWeighting } from '@temper/core';
import { z } from 'zod';
import { weightsByName } from './support/options.js';
import { scheduledWeights } from './support/scheduled-weights.js';

/**
 * The same weights throughout: w_k(p) = weights[k]. A plain record `{ soft: 0.7, hard: 0.3 }` in a config means the same.
 * @throws TemperError `config/invalid` for no weights, or one that is negative or not finite.
 * @example constantWeights({ soft: 0.7, hard: 0.3 })({ step: 0, total: 100 }) // { soft: 0.7, hard: 0.3 }
 */
export const constantWeights = defineWeighting({
  type: 'constant',
  shorthand: 'weights',
  options: z.strictObject({ weights: weightsByName }),
  create: ({ weights }) => scheduledWeights(Object.keys(weights), () => weights),
});
