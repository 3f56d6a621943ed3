import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { createKit, defineLoss, definePlugin, eagerEngine, Tokens, type Engine, type LossInputs } from '@temper/core';
import { models } from '@temper/models';
import { schedules } from '@temper/schedules';
import { z } from 'zod';
import { expect, test } from 'vitest';
import { blobs } from '../../../../fixtures/blobs.js';
import { compiledEngine } from './engine.js';

/** A loss whose gradients are so large that their squares are beyond float32. */
const steep = defineLoss({
  type: 'steep',
  options: z.strictObject({}),
  create: () => Object.assign(({ student }: LossInputs) => tf.mul(1e25, tf.mean(tf.square(student), -1)), { needs: [] as const }),
});
const kit = createKit({
  plugins: [schedules, models, definePlugin({ name: 'steep', provides: [steep], ready: () => Promise.resolve([]) })],
});

async function weightsWith(engine: Engine): Promise<number[]> {
  const run = {
    student: { model: { type: 'mlp', hidden: [3] } },
    losses: { steep: { type: 'steep' } },
    optimizer: { type: 'sgd', learningRate: 0.01 },
    clipNorm: 1,
    epochs: 2,
    keep: 'last',
  } as const;
  const { student, warnings } = await kit.run(run, {
    data: blobs(),
    services: (container) => void container.rebind(Tokens.Engine).toConstantValue(engine),
  });
  expect(warnings).toEqual([]);
  const weights = student.parameters.flatMap((variable) => [...variable.dataSync()]);
  student.dispose();
  return weights;
}

test('gradients whose norm overflows float32 are clipped equally on both engines', async () => {
  const eager = await weightsWith(eagerEngine);
  expect(await weightsWith(compiledEngine())).toEqual(eager);
  const [first] = eager;
  expect(Number.isFinite(first)).toBe(true);
});

test('clipped gradients that overflowed move the weights by the limit', async () => {
  const still = await weightsWith({
    ...eagerEngine,
    prepare: (step, options) =>
      eagerEngine.prepare({ ...step, body: (inputs) => step.body({ ...inputs, learningRate: tf.scalar(0) }) }, options),
  });
  const moved = await weightsWith(eagerEngine);
  const distance = Math.hypot(...moved.map((weight, i) => weight - (still[i] as number)));
  expect(distance).toBeGreaterThan(0.005);
  expect(distance).toBeLessThan(1);
});
