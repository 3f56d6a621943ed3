import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { LossInputs } from '../../contracts/loss.js';
import { TemperError } from '../../errors.js';
import { defineLoss } from '../../kit/define.js';
import { createKit } from '../../kit/kit.js';
import { basicRun, basics, blobs, recorder } from '../fixtures/basic-run.js';
import { memoryStore, withStore } from '../fixtures/memory-store.js';

const fragileOptions = z.object({ at: z.number(), how: z.enum(['gradient', 'infinite', 'value']).default('gradient') });

/** A loss that is harmless but at one update, where its gradient or its value is not finite. */
const fragile = defineLoss({
  type: 'fragile',
  options: fragileOptions,
  create: ({ at, how }) =>
    Object.assign(
      ({ student, scalars }: LossInputs) => {
        const none = tf.sub(1, scalars?.['flag'] as tf.Scalar);
        if (how === 'infinite') return tf.mean(steep(student, none), -1);
        const x = tf.add(tf.mul(student, 0), none);
        return tf.mean(how === 'value' ? tf.div(x, x) : tf.sqrt(x), -1);
      },
      { needs: [] as const, scalars: ({ step }: { step: number }) => ({ flag: step === at ? 1 : 0 }) },
    ),
});

/** Value 0, gradient 1 / divisor. */
const steep = (x: tf.Tensor, divisor: tf.Tensor): tf.Tensor =>
  tf.customGrad((given, save) => {
    (save as tf.GradSaveFunc)([divisor]);
    return {
      value: tf.zerosLike(given as tf.Tensor),
      gradFunc: (dy: tf.Tensor, [kept]: tf.Tensor[]) => tf.div(tf.onesLike(dy), kept as tf.Tensor),
    };
  })(x);

const kit = createKit({ plugins: [basics, fragile] });
const adam = { type: 'sgd', learningRate: 0.1, momentum: 0.9 };
const losses = (given: object) => ({
  losses: { hard: { type: 'cross-entropy' }, soft: { type: 'kl' }, odd: { type: 'fragile', ...given } },
  weighting: { hard: 1, soft: 1, odd: 0.1 },
});

async function failureOf(changes: object) {
  const store = memoryStore();
  const seen = recorder();
  const before = tf.memory().numTensors;
  const error = await kit
    .run({ ...basicRun, checkpoints: { every: { steps: 1 } }, ...changes } as never, {
      data: blobs(),
      reporters: [seen],
      ...withStore(store),
    })
    .then(
      () => new Error('nothing failed'),
      (caught: unknown) => caught as TemperError,
    );
  expect(tf.memory().numTensors).toBe(before);
  return { error, store, seen };
}

// 60 samples in batches of 16: 4 updates an epoch, 12 in all.
describe('an update that makes weights non-finite', () => {
  test.each([
    ['in the middle', 6],
    ['as the very first', 0],
    ['as the last of an epoch', 3],
    ['as the last of all', 11],
  ])('a non-finite update ends the run with stage, step and term: %s', async (_when, at) => {
    const { error, store } = await failureOf(losses({ at }));
    expect(error).toMatchObject({ code: 'run/non-finite', path: ['losses', 'odd'] });
    expect(error.message).toMatch(new RegExp(`losses\\.odd is not finite, .*stage "student" at step ${at} `));
    const saved = store.written.flatMap(({ arrays }) => Object.values(arrays));
    expect(saved.length).toBeGreaterThan(0);
    expect(saved.every(({ data }) => data.every((value) => Number.isFinite(value)))).toBe(true);
  });

  test.each([
    ['with several batches an update', { accumulate: 2, batchSize: 8 }],
    ['with clipped gradients', { clipNorm: 1 }],
    ['with an average of the weights', { ema: 0.9 }],
    ['with rare evaluations and checkpoints', { evaluateEvery: { epochs: 3 }, checkpoints: { every: { epochs: 3 } } }],
    ['with infinite gradients', losses({ at: 6, how: 'infinite' })],
  ])('a non-finite update is detected %s', async (_how, changes) => {
    const { error } = await failureOf({ ...losses({ at: 6 }), optimizer: adam, ...changes });
    expect(error).toMatchObject({ code: 'run/non-finite', path: ['losses', 'odd'] });
    expect(error.message).toContain('stage "student" at step 6 ');
  });

  test('a non-finite update of a stage or teacher is reported with its path', async () => {
    const { epochs: _, ...rest } = basicRun;
    const staged = await failureOf({
      ...rest,
      epochs: undefined,
      stages: [{ epochs: 1 }, { name: 'second', epochs: 1, ...losses({ at: 2 }) }],
    });
    expect(staged.error).toMatchObject({ code: 'run/non-finite', path: ['stages', 1, 'losses', 'odd'] });
    expect(staged.error.message).toContain('stage "second" at step 6 ');
    const taught = await failureOf({
      teacher: { model: { type: 'dense' }, train: { epochs: 1, losses: { odd: { type: 'fragile', at: 2 } }, weighting: { odd: 1 } } },
    });
    expect(taught.error).toMatchObject({ code: 'run/non-finite', path: ['teacher', 'train', 'losses', 'odd'] });
    expect(taught.error.message).toContain('stage "teacher" at step 2 ');
  });

  test('a non-finite update is named before the loss computed from its weights', async () => {
    const { error } = await failureOf({
      ...losses({ at: 6 }),
      evaluateEvery: { epochs: 3 },
      checkpoints: { every: { epochs: 3 } },
      batchSize: 1,
    });
    expect(error.message).toContain('although the loss is, in stage "student" at step 6 ');
  });

  test('a non-finite update by finite gradients is attributed to the optimizer', async () => {
    const { error } = await failureOf({ batchSize: 60, optimizer: { type: 'sgd', learningRate: 1e39 } });
    expect(error).toMatchObject({ code: 'run/non-finite' });
    expect(error.message).toMatch(/at step 0 |learningRate/);
  });

  test('a non-finite loss is named as the cause of its update', async () => {
    const { error } = await failureOf(losses({ at: 5, how: 'value' }));
    expect(error).toMatchObject({ code: 'run/non-finite', path: ['losses', 'odd'] });
    expect(error.message).toContain('the loss became NaN in stage "student" at step 5 ');
  });
});

test('an evaluation that is not finite ends the run', async () => {
  // Finite weights that are so large that logits overflow.
  const student = (tensors: tf.Variable) =>
    Object.assign((x: tf.Tensor, options: { training: boolean }) =>
      tf.mul(tf.slice(x as tf.Tensor2D, [0, 0], [-1, 3]), options.training ? tensors : tf.mul(tensors, tf.mul(1e30, 1e30))),
    );
  const scale = tf.variable(tf.scalar(1));
  const error = await kit
    .run({ ...basicRun, student: undefined } as never, { data: blobs(), student: student(scale) as never })
    .catch((caught: unknown) => caught as TemperError);
  scale.dispose();
  expect(error).toMatchObject({ code: 'run/non-finite' });
  expect((error as Error).message).toMatch(/evaluation on the validation data in stage "student" after update 4 gives .*nll NaN/);
});
