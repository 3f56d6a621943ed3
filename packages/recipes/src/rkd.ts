import { defineRecipe } from '@temper/core';
import { z } from 'zod';
import { count, layerMap, nextToHard, weight } from './options.js';

/**
 * Labels and the relations of the samples of a batch: L = CE + distance·L_distance + angle·L_angle.
 *
 * Source: 1904.05068; the weights 25 and 50 are those of RepDistiller for image classifiers.
 * @example kit.run({ recipe: { type: 'rkd', distance: 25, angle: 50 }, data, teacher, student })
 */
export const rkd = defineRecipe({
  type: 'rkd',
  options: z.strictObject({
    layers: layerMap.default('penultimate'),
    distance: weight.default(25),
    angle: weight.default(50),
    epochs: count.default(20),
  }),
  create: ({ layers, distance, angle, epochs }) => ({
    ...nextToHard('relations', { type: 'rkd', layers, distance, angle }, 1),
    epochs,
  }),
});
