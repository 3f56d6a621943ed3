import * as tf from '@tensorflow/tfjs-node';
import { createKit } from '@temper/core';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { schedules } from '@temper/schedules';
import { expect, test } from 'vitest';
import { node } from './plugin.js';
import { blobs } from '../../../fixtures/blobs.js';
import { temporaryFolder } from '../../../fixtures/temporary.js';

/** 200,000 stand for a day; so many are tried by TEMPER_TEST_UPDATES=200000. */
const updates = Number(process.env['TEMPER_TEST_UPDATES'] ?? 4000);
const samples = 40;

interface Sample {
  readonly tensors: number;
  readonly residentMiB: number;
}

test(`${updates} updates with stages, evaluations and checkpoints leak no memory`, {
  timeout: 60_000 + 10 * updates,
}, async () => {
  const kit = createKit({ plugins: [schedules, losses, models, node({ runs: await temporaryFolder() })] });
  const seen: Sample[] = [];
  const stage = { steps: updates / samples, temperature: { type: 'linear', from: 20, to: 1 } } as const;
  const { student, teacher } = await kit.run(
    {
      teacher: { model: { type: 'mlp', hidden: [8] }, train: { epochs: 1 } },
      student: { model: { type: 'mlp', hidden: [4], dropout: 0.1 } },
      stages: [{ repeat: samples, stages: [stage] }],
      ema: 0.99,
      batchSize: 8,
      evaluateEvery: { steps: updates / samples },
      checkpoints: { every: { steps: updates / samples } },
    },
    {
      data: blobs(),
      reporters: [
        {
          name: 'memory',
          report({ type }) {
            if (type === 'stage-end') seen.push({ tensors: tf.memory().numTensors, residentMiB: process.memoryUsage.rss() / 2 ** 20 });
          },
        },
      ],
    },
  );
  student.dispose();
  teacher?.dispose();
  if (process.env['TEMPER_TEST_UPDATES'] !== undefined)
    console.log(seen.map(({ tensors, residentMiB }) => `${tensors} tensors, ${residentMiB.toFixed(0)} MiB`).join('\n'));
  // The teacher's stage comes first; buffers and caches fill up in the first quarter.
  const settled = seen.slice(1 + samples / 4);
  expect(new Set(settled.map(({ tensors }) => tensors)).size).toBe(1);
  const least = (part: readonly Sample[]): number => Math.min(...part.map(({ residentMiB }) => residentMiB));
  const third = settled.length / 3;
  expect(least(settled.slice(-third)) - least(settled.slice(0, third))).toBeLessThan(30);
});
