import { compiledEngine } from '@temper/node';
import type { Case } from '../cases.js';
import { distillationUpdate } from '../distillation-update.js';
import { repeated } from '../measure.js';
import { partsOf, type UpdateKey } from '../networks.js';

const update = (name: string, key: UpdateKey, goal: number): Case => ({
  name,
  against: { peer: key },
  goal,
  prepare() {
    const { run, dispose } = distillationUpdate(compiledEngine(), partsOf(key));
    return repeated(run, dispose);
  },
});

/** Whole updates with a distillation loss. */
export const updateCases: readonly Case[] = [
  update('MLP 784-512-256-10, batch 128, SGD', 'mlp-sgd', 0.7),
  update('MLP 784-512-256-10, batch 128, Adam', 'mlp-adam', 0.7),
  update('CNN 28×28 (16, 32), batch 64, SGD', 'cnn-sgd', 0.65),
  update('CNN 28×28 (16, 32), batch 64, Adam', 'cnn-adam', 0.5),
  update('residual network (32, 64, 128, 256), 32×32×3, 100 classes, batch 32, momentum', 'resnet', 0.9),
  update('transformer, 2 layers, width 128, 128 tokens, batch 32, AdamW', 'transformer', 0.6),
];
