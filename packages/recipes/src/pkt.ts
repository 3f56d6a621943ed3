import { defineRecipe } from '@temper/core';
import { z } from 'zod';
import { count, layerMap, nextToHard, weight } from './options.js';

/**
 * Labels and the similarities of the samples of a batch as probabilities: L = CE + weight·PKT.
 *
 * Source: 1803.10837; the weight 30,000 is that of RepDistiller.
 * @example kit.run({ recipe: { type: 'pkt' }, data, teacher, student })
 */
export const pkt = defineRecipe({
  type: 'pkt',
  options: z.strictObject({
    layers: layerMap.default('penultimate'),
    weight: weight.default(30_000),
    epochs: count.default(20),
  }),
  create: ({ layers, weight: share, epochs }) => ({
    ...nextToHard('probabilities', { type: 'pkt', layers }, share),
    epochs,
  }),
});
