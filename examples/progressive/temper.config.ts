import { defineDistillation } from '@temper/cli';
import { progressive, repeat, stage } from '@temper/core';

/** An assistant between teacher and student: distilled itself, from the large network. */
const assistant = {
  name: 'assistant',
  distilled: {
    teacher: { name: 'teacher', model: { type: 'cnn' }, train: { epochs: 3 } },
    student: { model: { type: 'mlp', hidden: [64] } },
    temperature: 8,
    epochs: 3,
  },
} as const;

export default defineDistillation({
  seed: 1,
  deterministic: true,
  data: { type: 'digits', seed: 1, train: 1500, validation: 500, test: 500 },
  teacher: assistant,
  student: { model: { type: 'mlp', hidden: [16] } },
  optimizer: { type: 'adamw', learningRate: { type: 'global', of: { type: 'cosine', from: 3e-3, to: 1e-4 } } },
  stages: progressive([
    stage('broad', { epochs: 2, temperature: { type: 'linear', from: 20, to: 4 }, weighting: { type: 'alpha', soft: 0.9 } }),
    repeat(2, [stage('warm', { steps: 12, temperature: 4 }), stage('cool', { steps: 12, temperature: 2 })]),
    stage('focus', { epochs: 2, temperature: { type: 'cosine', from: 4, to: 1 }, weighting: { soft: 0.3, hard: 0.7 } }),
  ]),
  checkpoints: { every: { steps: 10 }, keep: 2 },
});
