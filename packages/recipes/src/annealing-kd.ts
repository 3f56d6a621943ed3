import { defineRecipe } from '@temper/core';
import { z } from 'zod';
import { count, temperature } from './options.js';

/**
 * Two phases. First, regression to the teacher's logits divided by a temperature that falls from `maxTemperature` to 1, with a new value
 * every epoch as in the paper. Then, training on the labels alone.
 *
 * Source: 2104.07163.
 * @example kit.run({ recipe: { type: 'annealing-kd', maxTemperature: 10, epochs: 14, fineTune: 4 }, data, teacher, student })
 */
export const annealingKd = defineRecipe({
  type: 'annealing-kd',
  options: z.strictObject({ maxTemperature: temperature.min(1).default(10), epochs: count.default(10), fineTune: count.default(5) }),
  create: ({ maxTemperature, epochs, fineTune }) => ({
    stages: [
      {
        name: 'regression',
        epochs,
        losses: { soft: { type: 'annealing-kd', maxTemperature } },
        weighting: { soft: 1 },
        temperature: { type: 'quantise', of: { type: 'linear', from: maxTemperature, to: 1 }, every: { epochs: 1 } },
      },
      { name: 'labels', epochs: fineTune, losses: { hard: { type: 'cross-entropy' } }, weighting: { hard: 1 }, temperature: 1 },
    ],
  }),
});
