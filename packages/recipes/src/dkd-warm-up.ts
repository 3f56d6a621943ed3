import { defineRecipe } from '@temper/core';
import { z } from 'zod';
import { count, temperature } from './options.js';

/**
 * Decoupled distillation whose weight grows from 0 to 1 over the first epochs, added to the hard loss:
 * L = CE + min(epoch / warmUp, 1)·DKD.
 *
 * Source: 2203.08679. The paper counts whole epochs from 1; here the weight grows with every update.
 * @example kit.run({ recipe: { type: 'dkd-warm-up', beta: 8, warmUp: 5, epochs: 30 }, data, teacher, student })
 */
export const dkdWarmUp = defineRecipe({
  type: 'dkd-warm-up',
  options: z.strictObject({
    alpha: z.number().min(0).default(1),
    beta: z.number().min(0).default(8),
    temperature: temperature.default(4),
    warmUp: count.default(5),
    epochs: count.default(20),
  }),
  create: ({ alpha, beta, temperature, warmUp, epochs }) => ({
    losses: {
      hard: { type: 'cross-entropy' },
      dkd: { type: 'dkd', alpha, beta, warmup: { type: 'warm-up', of: 1, from: 0, over: { epochs: warmUp } } },
    },
    weighting: { hard: 1, dkd: 1 },
    temperature,
    epochs,
  }),
});
