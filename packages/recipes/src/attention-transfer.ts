import { defineRecipe } from '@temper/core';
import { z } from 'zod';
import { count, layerMap, nextToHard, weight } from './options.js';

/**
 * Labels and the teacher's attention maps: L = CE + weight·attention transfer.
 *
 * Source: 1612.03928; the weight 1000 is that of the authors' code.
 * @example kit.run({ recipe: { type: 'attention-transfer', layers: [['pool_1', 'pool_1']] }, data, teacher, student })
 */
export const attentionTransfer = defineRecipe({
  type: 'attention-transfer',
  options: z.strictObject({
    layers: layerMap.default({ last: 1 }),
    weight: weight.default(1000),
    epochs: count.default(20),
  }),
  create: ({ layers, weight: share, epochs }) => ({
    ...nextToHard('attention', { type: 'attention-transfer', layers }, share),
    epochs,
  }),
});
