import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineSchedule, defineWeighting } from '../../kit/define.js';
import { createKit } from '../../kit/kit.js';
import type { RunOptions } from '../../contracts/run.js';
import { run } from '../fixtures/fixture-run.js';
import { basicRun, basics, blobs, recorder } from '../fixtures/basic-run.js';

const failure = (changes: object, options: RunOptions = {}): Promise<Error> =>
  run(changes, options).then(
    () => new Error('nothing failed'),
    (error: Error) => error,
  );

describe('errors that end a run', () => {
  test.each([
    ['a batch larger than the data', { batchSize: 61 }, 'batchSize: must be at most the number of training samples, 60, got 61'],
    ['a loss without a weight', { weighting: { soft: 1 } }, 'weighting: gives no weight to loss "hard"; it has weights for soft'],
    ['a weight without a loss', { weighting: { soft: 1, hard: 1, sofd: 1 } }, 'weighting: unknown loss "sofd"; did you mean "soft"?'],
    [
      'a soft loss without a teacher',
      { teacher: undefined, losses: { soft: { type: 'kl' } }, weighting: { soft: 1 } },
      'losses.soft: needs a teacher, and the run has none',
    ],
    ['a temperature at 0', { temperature: { type: 'linear', from: 20, to: 0 } }, 'temperature'],
    ['a missing student', { student: undefined }, 'student: is missing'],
    ['a teacher file without a loader', { teacher: { from: 'there' } }, 'teacher.from: needs a loader of saved networks'],
  ])('%s is refused', async (_name, changes, message) => {
    const before = tf.memory().numTensors;
    const error = await failure(changes);
    expect(error.message).toContain(message);
    expect(error).toMatchObject({ name: 'TemperError', fault: 'user' });
    expect(tf.memory().numTensors).toBe(before);
  });

  test('networks and data with different classes are refused', async () => {
    const wrong = (classes: number) => ((inputs: tf.Tensor) => tf.zeros([inputs.shape[0], classes])) as never;
    expect((await failure({}, { teacher: wrong(5) })).message).toContain('teacher: has 5 classes, the data 3');
    expect((await failure({}, { teacher: wrong(3), student: wrong(3) })).message).toContain('student: has no trainable variables');
    expect((await failure({}, { teacher: 3 as never })).message).toContain('teacher: must be a LayersModel, a GraphModel or a function');
  });

  test('a loss that is not finite is reported with stage, step, temperature and weights', async () => {
    const error = await failure(
      { optimizer: { type: 'sgd', learningRate: 1e38 } },
      { teacher: ((x: tf.Tensor) => tf.slice(x as tf.Tensor2D, [0, 0], [-1, 3])) as never },
    );
    expect(error.message).toMatch(/the loss became (NaN|-?Infinity) in stage "student" at step \d+ \(/);
    expect(error.message).toMatch(/loss\.soft.*temperature\.value \d.*weighting\.hard 0\.3.*weighting\.soft 0\.7/);
    expect(error).toMatchObject({ code: 'run/non-finite', fault: 'run' });
  });

  test('a teacher whose logits are not finite ends the run', async () => {
    const error = await failure({}, { teacher: ((x: tf.Tensor) => tf.div(tf.slice(x as tf.Tensor2D, [0, 0], [-1, 3]), 0)) as never });
    expect(error.message).toMatch(/teacher gives -?(Infinity|NaN) as a logit for sample 0/);
  });

  test('a signal stops the run before its start and during training', async () => {
    expect((await failure({}, { signal: AbortSignal.abort() })).message).toContain('stopped on request');
    const controller = new AbortController();
    const seen = recorder();
    const stopAt5 = {
      name: 'stop',
      report: (event: { type: string; step?: number }) => void (event.type === 'steps' && event.step === 5 && controller.abort()),
    };
    const before = tf.memory().numTensors;
    const error = await failure(
      { teacher: undefined, losses: { hard: { type: 'cross-entropy' } }, weighting: { hard: 1 } },
      { signal: controller.signal, reporters: [seen, stopAt5] },
    );
    expect(error).toMatchObject({ code: 'run/stopped' });
    expect(error.message).toContain('after update 5 of 12');
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a strategy that throws is named, and a reporter that throws is removed', async () => {
    const broken = defineWeighting({
      type: 'broken',
      options: z.object({}),
      create: () => ({
        scalars: ({ step }) => {
          if (step > 2) throw new Error('out of luck');
          return { soft: 1, hard: 1 };
        },
      }),
    });
    const error = await createKit({ plugins: [basics, broken] })
      .run({ ...basicRun, weighting: { type: 'broken' } }, { data: blobs() })
      .catch((caught: unknown) => caught as Error);
    expect((error as Error).message).toContain('weighting: "broken" failed during training: out of luck');
    const { epochs: _, ...rest } = basicRun;
    const stages = [{ epochs: 1 }, { epochs: 1, weighting: { type: 'broken' } }] as const;
    const inStage = await createKit({ plugins: [basics, broken] })
      .run({ ...rest, stages }, { data: blobs() })
      .catch((caught: unknown) => caught as Error);
    expect((inStage as Error).message).toContain('stages[1].weighting: "broken" failed during training: out of luck');
    const cold = defineSchedule({
      type: 'cold',
      options: z.object({}),
      create:
        () =>
        ({ step }) => {
          if (step === 5) throw new Error('no idea');
          return 4;
        },
    });
    const before = await createKit({ plugins: [basics, cold] })
      .run({ ...rest, stages: [{ epochs: 1 }, { epochs: 2, temperature: { type: 'cold' } }] }, { data: blobs() })
      .catch((caught: unknown) => caught as Error);
    expect((before as Error).message).toContain('stages[1].temperature: "cold" failed during training: no idea');
    const { result } = await run({}, { reporters: [{ name: 'moody', report: () => Promise.reject(new Error('no')) }] });
    expect(result.warnings).toEqual(['reporter "moody" failed and gets no more events: no']);
  });
});
