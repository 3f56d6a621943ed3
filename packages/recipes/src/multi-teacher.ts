import { defineRecipe } from '@temper/core';
import { z } from 'zod';
import { count, part, shared, softShare, temperature } from './options.js';

/**
 * Combines several teachers: by the mean of their logits, by a mean weighted per sample by each teacher's confidence in the label
 * (2201.00007), or by drawing one teacher at random for every batch.
 *
 * `teachers` are configs of teachers: models to train, files to load, or chains.
 * @example
 * const teachers = [{ from: 'runs/a/teacher' }, { from: 'runs/b/teacher' }];
 * kit.run({ recipe: { type: 'multi-teacher', teachers, combine: 'confidence' }, data, student })
 */
export const multiTeacher = defineRecipe({
  type: 'multi-teacher',
  options: z.strictObject({
    teachers: z.array(part).min(2),
    combine: z.enum(['mean', 'confidence', 'random']).default('mean'),
    temperature: temperature.default(4),
    soft: softShare.default(0.7),
    epochs: count.default(10),
  }),
  create: ({ teachers, combine, temperature, soft, epochs }) => ({
    teacher: { ensemble: teachers, combine },
    temperature,
    weighting: shared(soft),
    epochs,
  }),
});
