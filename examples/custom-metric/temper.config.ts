import { defineDistillation } from '@temper/cli';
import { mine } from './rejected.js';

// Own metrics are measured, choose the best weights, stop the training and drive the temperature like built-in ones.
export default defineDistillation({
  plugins: [mine],
  seed: 1,
  data: { type: 'digits', seed: 1, train: 1500, validation: 500, test: 500 },
  teacher: { model: { type: 'cnn' }, train: { epochs: 3 } },
  student: { model: { type: 'mlp', hidden: [32] } },
  metrics: ['accuracy', 'nll', { type: 'top-k', k: 3 }, { type: 'rejected', below: 0.9 }, 'confidence-gap'],
  keep: { by: 'rejected' },
  earlyStopping: { metric: 'rejected', patience: 3 },
  temperature: { type: 'plateau', from: 8, metric: 'validation.confidence-gap', patience: 0 },
  epochs: 6,
});
