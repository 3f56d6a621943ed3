import { defineRecipe } from '@temper/core';
import { z } from 'zod';
import { count, nextToHard, temperature, weight } from './options.js';

/**
 * Labels and three levels of the teacher's logits, at several temperatures: L = CE + weight·multi-level logits.
 *
 * Source: "Multi-level Logit Distillation" (CVPR 2023).
 * @example kit.run({ recipe: { type: 'multi-level-logits', temperatures: [2, 4] }, data, teacher, student })
 */
export const multiLevelLogits = defineRecipe({
  type: 'multi-level-logits',
  options: z.strictObject({
    temperatures: z.array(temperature).min(1).default([2, 3, 4, 5, 6]),
    weight: weight.default(1),
    epochs: count.default(20),
  }),
  create: ({ temperatures, weight: share, epochs }) => ({
    ...nextToHard('levels', { type: 'multi-level-logits', temperatures }, share),
    epochs,
  }),
});
