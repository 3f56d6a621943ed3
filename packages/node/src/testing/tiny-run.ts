// A program for tests: starts a tiny run, or continues it, on tfjs's backend in plain JavaScript, which loads in a moment and
// always gives the same bits. With a number n it is killed at its n-th file operation.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { createKit, Tokens } from '@temper/core';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { runStore } from '../store/run-store.js';
import { blobs } from '../../../../fixtures/blobs.js';
import { failFiles } from './fail-files.js';

const [root, name, killedAt] = process.argv.slice(2) as [string, string, string?];
const resume = existsSync(join(root, name));
await tf.setBackend('cpu');
await failFiles(killedAt === undefined ? undefined : 'kill', Number(killedAt));
await createKit({ plugins: [losses, models] }).run(
  {
    name,
    teacher: { model: { type: 'mlp', hidden: [4] }, train: { epochs: 1 } },
    student: { model: { type: 'mlp', hidden: [3] } },
    losses: {
      soft: { type: 'kl' },
      hard: { type: 'cross-entropy' },
      // Its learned map between the widths is a part of every checkpoint.
      hint: { type: 'fitnets', layers: 'penultimate' },
    },
    weighting: { soft: 0.7, hard: 0.3, hint: 0.1 },
    temperature: 4,
    batchSize: 120,
    epochs: 3,
    deterministic: true,
  },
  { data: blobs(), resume, services: (container) => void container.bind(Tokens.RunStore).toConstantValue(runStore({ root, name })) },
);
