import { defineRecipe } from '@temper/core';
import { z } from 'zod';
import { count, shared, softShare, temperature } from './options.js';

/**
 * The student learns from earlier states of the teacher first: `anchors` are epochs of the teacher's training, and each stage uses the
 * teacher as it was after one of them. The last anchor is usually the end of that training.
 *
 * Source: 1904.09149.
 * @example kit.run({ recipe: { type: 'route-constrained', model: { type: 'cnn' }, anchors: [1, 3, 6], epochsEach: 3 }, data, student })
 */
export const routeConstrained = defineRecipe({
  type: 'route-constrained',
  options: (ref) =>
    z.strictObject({
      model: ref.model,
      anchors: z.array(count).min(1),
      epochsEach: count.default(5),
      temperature: temperature.default(4),
      soft: softShare.default(0.7),
    }),
  create: ({ model, anchors, epochsEach, temperature, soft }) => ({
    teacher: { model, train: { epochs: Math.max(...anchors), snapshots: anchors, keep: 'last' } },
    temperature,
    weighting: shared(soft),
    stages: anchors.map((anchor) => ({ name: `as after epoch ${anchor}`, epochs: epochsEach, teacher: { snapshot: anchor } })),
  }),
});
