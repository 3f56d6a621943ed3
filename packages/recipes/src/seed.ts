import { defineRecipe } from '@temper/core';
import { z } from 'zod';
import { count, shared, softShare, temperature } from './options.js';

/**
 * The temperature falls while the student learns: broad relations between classes first, decisive features at the end.
 * T(p) = from + (to − from)·p, soft weight constant.
 * @example kit.run({ recipe: { type: 'seed', from: 20, to: 1, soft: 0.7 }, data, teacher, student })
 */
export const seed = defineRecipe({
  type: 'seed',
  options: z.strictObject({
    from: temperature.default(20),
    to: temperature.default(1),
    soft: softShare.default(0.7),
    epochs: count.default(10),
  }),
  create: ({ from, to, soft, epochs }) => ({ temperature: { type: 'linear', from, to }, weighting: shared(soft), epochs }),
});
