import { defineDistillation } from '@temper/cli';
import { definePlugin } from '@temper/core';
import { halving } from './schedules/halving.ts';

export default defineDistillation({
  plugins: [definePlugin({ name: 'mine', provides: [halving] })],
  // Digits that Temper draws. Your own: { type: 'csv', path: 'flowers.csv', label: 'species' } or { type: 'idx', folder: 'mnist' }.
  data: { type: 'digits', seed: 1 },
  teacher: { model: { type: 'cnn' }, train: { epochs: 2 } },
  student: { model: { type: 'mlp', hidden: [32] } },
  epochs: 6,
  temperature: { type: 'halving', from: 16, to: 1 },
  weighting: { type: 'alpha', soft: 0.7 },
});
