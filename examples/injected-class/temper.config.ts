import { defineDistillation } from '@temper/cli';
import { seasons } from './season.js';

export default defineDistillation({
  plugins: [seasons],
  seed: 1,
  data: { type: 'digits', seed: 1, train: 1000, validation: 300, test: 300 },
  teacher: { model: { type: 'cnn' }, train: { epochs: 2 } },
  student: { model: { type: 'mlp', hidden: [32] } },
  temperature: { type: 'season', years: 2 },
  epochs: 3,
});
