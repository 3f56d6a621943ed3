import { defineDistillation } from '@temper/cli';
import { mine } from './mine.js';

// Own strategies are used by name, and typed: try a typing mistake in one of their options.
export default defineDistillation({
  plugins: [mine],
  seed: 1,
  data: { type: 'digits', seed: 1, train: 1500, validation: 500, test: 500 },
  teacher: { model: { type: 'cnn' }, train: { epochs: 3 } },
  student: { model: { type: 'mlp', hidden: [32] } },
  temperature: { type: 'breathing', from: 12, to: 1 },
  weighting: { type: 'hand-over', after: 0.6 },
  epochs: 4,
});
