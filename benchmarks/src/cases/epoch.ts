import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createKit, type RunEvent } from '@temper/core';
import { data } from '@temper/data';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { node } from '@temper/node';
import { schedules } from '@temper/schedules';
import type { Case } from '../cases.js';

/** MNIST's ten thousand test images, beside the repository; 7,200 of them train. */
export const mnistFolder = fileURLToPath(new URL('../../../../shared/data/mnist', import.meta.url));

/** Epochs of a whole run: batches, updates, reports; without evaluation, as in PyTorch's loop. The first two record and check the steps of both sizes of batch, as PyTorch's first one warms up. */
export const epochCase: Case = {
  name: 'whole epoch of the MNIST CNN, loop included',
  against: { peer: 'epoch' },
  goal: 0.8,
  async prepare() {
    const runs = await mkdtemp(join(tmpdir(), 'temper-bench-'));
    const kit = createKit({ plugins: [schedules, losses, models, data, node({ runs })] });
    return {
      async times() {
        const seconds: number[] = [];
        const report = (event: RunEvent): void => void (event.type === 'epoch-end' && event.stage === 'student' && seconds.push(event.seconds));
        const result = await kit.run(
          {
            data: { type: 'idx', folder: mnistFolder },
            teacher: { model: { type: 'mlp', hidden: [32] }, train: { epochs: 1 } },
            student: { model: { type: 'cnn', channels: [16, 32] } },
            optimizer: { type: 'adam', learningRate: 0.001 },
            batchSize: 64,
            epochs: 5,
          },
          { reporters: [{ name: 'epochs', report }] },
        );
        result.student.dispose();
        result.teacher?.dispose();
        return seconds.slice(2).map((one) => 1000 * one);
      },
      dispose: () => rm(runs, { recursive: true, force: true }),
    };
  },
};
