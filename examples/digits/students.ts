import type { createKit } from '@temper/core';
import type { standardPlugins } from '@temper/cli';

type Config = Parameters<ReturnType<typeof createKit<typeof standardPlugins>>['run']>[0];

/** What all networks of the comparison share; small enough for a minute on two cores. */
export const shared = {
  data: { type: 'digits', seed: 1 },
  student: { model: { type: 'mlp', hidden: [32] } },
  optimizer: { type: 'adam', learningRate: { type: 'cosine', from: 5e-3, to: 0 } },
  batchSize: 64,
  epochs: 40,
} as const satisfies Config;

/** The teacher, trained on the labels. */
export const teacher = {
  ...shared,
  student: { model: { type: 'cnn' } },
  losses: { hard: { type: 'cross-entropy' } },
  weighting: { hard: 1 },
  optimizer: { type: 'adam', learningRate: { type: 'cosine', from: 2e-3, to: 0 } },
  epochs: 6,
} as const satisfies Config;

const soft = { type: 'alpha', soft: 0.7 } as const;

/** The same student, taught in different ways. */
export const students = {
  alone: { ...shared, losses: { hard: { type: 'cross-entropy' } }, weighting: { hard: 1 } },
  'constant 4': { ...shared, temperature: 4, weighting: soft },
  'linear 20 → 1': { ...shared, temperature: { type: 'linear', from: 20, to: 1 }, weighting: soft },
  'cosine 20 → 1': { ...shared, temperature: { type: 'cosine', from: 20, to: 1 }, weighting: soft },
} as const satisfies Record<string, Config>;
