import { defineRecipe } from '@temper/core';
import { z } from 'zod';
import { count, layerMap, shared, softShare, temperature } from './options.js';

/**
 * Hints first: a stage in which the student's layers learn from the teacher's, then distillation from the logits.
 *
 * Source: 1412.6550, which trains one pair of layers in the middle of both networks, and the layers below it.
 * @example kit.run({ recipe: { type: 'fitnets', layers: [['pool_1', 'pool_2']], hintEpochs: 5 }, data, teacher, student })
 */
export const fitnets = defineRecipe({
  type: 'fitnets',
  options: z.strictObject({
    layers: layerMap.default('depth'),
    hintEpochs: count.default(5),
    temperature: temperature.default(4),
    soft: softShare.default(0.7),
    epochs: count.default(10),
  }),
  create: ({ layers, hintEpochs, temperature, soft, epochs }) => ({
    stages: [
      { name: 'hints', epochs: hintEpochs, losses: { hint: { type: 'fitnets', layers } }, weighting: { hint: 1 } },
      { name: 'distillation', epochs, temperature, weighting: shared(soft) },
    ],
  }),
});
