import { defineRecipe } from '@temper/core';
import { z } from 'zod';
import { count, layerMap, nextToHard, weight } from './options.js';

/**
 * Labels and the similarities of the samples of a batch: L = CE + weight·similarity-preserving.
 *
 * Source: 1907.09682; the weight 3000 is that of RepDistiller.
 * @example kit.run({ recipe: { type: 'similarity-preserving', layers: { last: 2 } }, data, teacher, student })
 */
export const similarityPreserving = defineRecipe({
  type: 'similarity-preserving',
  options: z.strictObject({
    layers: layerMap.default({ last: 1 }),
    weight: weight.default(3000),
    epochs: count.default(20),
  }),
  create: ({ layers, weight: share, epochs }) => ({
    ...nextToHard('similarities', { type: 'similarity-preserving', layers }, share),
    epochs,
  }),
});
