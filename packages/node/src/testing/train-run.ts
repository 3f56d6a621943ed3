// A program for tests: a whole distillation on the native backend, begun or gone on with; says when it has saved.
import '@tensorflow/tfjs-node';
import { writeSync } from 'node:fs';
import { createKit, type RunEvent } from '@temper/core';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { schedules } from '@temper/schedules';
import { node } from '../plugin.js';
import { blobs } from './blobs.js';

const [runs, name, resume] = process.argv.slice(2) as [string, string, string?];
const kit = createKit({ plugins: [schedules, losses, models, node({ runs })] });
try {
  await kit.run(
    {
      name,
      seed: 5,
      deterministic: true,
      teacher: { model: { type: 'mlp', hidden: [16] }, train: { epochs: 3 } },
      student: { model: { type: 'mlp', hidden: [8], dropout: 0.2 } },
      stages: [
        { name: 'broad', epochs: 6, temperature: { type: 'linear', from: 20, to: 4 } },
        { name: 'focus', epochs: 6, temperature: { type: 'cosine', from: 4, to: 1 }, weighting: { soft: 0.5, hard: 0.5 } },
      ],
      batchSize: 16,
      checkpoints: { every: { steps: 4 }, keep: 2 },
    },
    {
      data: blobs(),
      resume: resume === 'resume',
      reporters: [{ name: 'parent', report: (event: RunEvent) => void (event.type === 'checkpoint' && writeSync(1, `saved ${event.step}\n`)) }],
    },
  );
  process.exit(0);
} catch (error) {
  writeSync(2, `${(error as Error).stack}\n`);
  process.exit(1);
}
