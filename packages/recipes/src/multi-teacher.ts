import { defineRecipe } from '@temper/core';
import { z } from 'zod';
import { count, part, shared, softShare, temperature } from './options.js';

/**
 * Several teachers that speak as one: by the mean of their logits, sample by sample by how well each knows the label
 * (2201.00007), or by one of them, drawn anew for every batch.
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
