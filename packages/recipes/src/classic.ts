import { defineRecipe } from '@temper/core';
import { z } from 'zod';
import { count, shared, softShare, temperature } from './options.js';

/**
 * Distillation as first described: one constant temperature and a weighted sum of the soft and the hard loss.
 * L = soft·T²·KL(teacher_T ‖ student_T) + (1 − soft)·CE.
 *
 * Source: 1503.02531; T = 4 is the value of later work on image classifiers.
 * @example kit.run({ recipe: { type: 'classic', temperature: 4 }, data, teacher, student })
 */
export const classic = defineRecipe({
  type: 'classic',
  options: z.strictObject({ temperature: temperature.default(4), soft: softShare.default(0.7), epochs: count.default(10) }),
  create: ({ temperature, soft, epochs }) => ({ temperature, weighting: shared(soft), epochs }),
});
