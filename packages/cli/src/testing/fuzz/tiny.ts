import { arrayDataSet, createKit, createRandom, type DataSplits, type Kit } from '@temper/core';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { recipes } from '@temper/recipes';
import { schedules } from '@temper/schedules';

/** Returns data with four numbers a sample and three classes. */
export function tinyData(): DataSplits {
  const part = (name: string, size: number) => {
    const stream = createRandom(3).stream(name);
    const inputs = Float32Array.from({ length: 4 * size }, () => stream.normal());
    return arrayDataSet({ inputs, labels: Int32Array.from({ length: size }, (_, i) => i % 3), inputShape: [4], classes: 3 });
  };
  return { train: part('train', 12), validation: part('validation', 6), test: part('test', 6) };
}

/** A run of a teacher and a student that takes a few milliseconds and uses every part of a checkpoint. */
export const tinyRun = {
  name: 'tiny',
  seed: 1,
  teacher: { model: { type: 'mlp', hidden: [3] }, train: { epochs: 1 } },
  student: { model: { type: 'mlp', hidden: [2], dropout: 0.1 } },
  temperature: { type: 'plateau', from: 4, patience: 1 },
  weighting: { type: 'dwa' },
  optimizer: { type: 'adam', learningRate: 0.01 },
  earlyStopping: { metric: 'nll', patience: 5, mode: 'min' },
  ema: 0.9,
  batchSize: 6,
  epochs: 2,
  checkpoints: { every: { steps: 1 }, keep: 2 },
} as const;

/** Creates a kit for such a run: without files, on the eager engine and the active backend. */
export const tinyKit = (): Kit =>
  createKit({
    plugins: [schedules, losses, models, recipes, { name: 'quiet', provides: [], ready: () => Promise.resolve([]) }],
  }) as unknown as Kit;
