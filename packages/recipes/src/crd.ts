import { defineRecipe } from '@temper/core';
import { z } from 'zod';
import { count, layerMap, nextToHard, temperature, weight } from './options.js';

/**
 * Labels and contrastive representation distillation with the negatives of the batch: L = CE + weight·CRD.
 *
 * Source: 1910.10699, with a weight of 0.8, 128 dimensions and a temperature of 0.07; its negatives come from a memory of the training set.
 * @example kit.run({ recipe: { type: 'crd', dimension: 64 }, data, teacher, student })
 */
export const crd = defineRecipe({
  type: 'crd',
  options: z.strictObject({
    layers: layerMap.default('penultimate'),
    weight: weight.default(0.8),
    dimension: count.default(128),
    temperature: temperature.default(0.07),
    epochs: count.default(20),
  }),
  create: ({ layers, weight: share, dimension, temperature, epochs }) => ({
    ...nextToHard('contrast', { type: 'crd', layers, dimension, temperature }, share),
    epochs,
  }),
});
