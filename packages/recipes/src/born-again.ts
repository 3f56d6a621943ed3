import { defineRecipe, limits } from '@temper/core';
import { z } from 'zod';
import { count, shared, softShare, temperature } from './options.js';

/**
 * Trains several generations of one architecture: the first learns from the labels, each later one from the generation before it. The last
 * generation is the student.
 *
 * Source: 1805.04770.
 * @example kit.run({ recipe: { type: 'born-again', model: { type: 'cnn' }, generations: 3 }, data })
 */
export const bornAgain = defineRecipe({
  type: 'born-again',
  options: (ref) =>
    z.strictObject({
      model: ref.model,
      generations: z.int().min(2).max(limits.generations).default(3),
      temperature: temperature.default(1),
      soft: softShare.default(0.5),
      epochs: count.default(10),
    }),
  create: ({ model, generations, temperature, soft, epochs }) => {
    const training = { temperature, weighting: shared(soft), epochs };
    let teacher: Record<string, unknown> = { name: 'generation-1', model, train: { epochs } };
    for (let generation = 2; generation < generations; generation++) {
      teacher = { name: `generation-${generation}`, distilled: { ...training, teacher, student: { model } } };
    }
    return { teacher, student: { model }, ...training };
  },
});
