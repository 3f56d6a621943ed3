import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-node';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { TemperatureSchedule } from '../../contracts/schedule.js';
import { TemperError, unknownName } from '../../errors.js';
import { definePlugin, defineTemperature } from '../../kit/define.js';
import { createKit } from '../../kit/kit.js';
import { stagesOf } from '../../kit/stage-plan.js';
import { unreachable } from './check-reach.js';
import { basicRun, basics, blobs, recorder } from '../fixtures/basic-run.js';
import type { LengthInSteps } from '../../contracts/stage.js';
import { lengthsOf } from './length.js';

const watching = defineTemperature({
  type: 'watching',
  options: z.strictObject({ metric: z.string() }),
  create: ({ metric }): TemperatureSchedule => ({
    scalars: () => ({ value: 4 }),
    state: {
      initial: 0,
      observe(state, seen) {
        if (metric in seen) return state;
        throw new TemperError({ code: 'config/unknown-name', path: 'metric', message: unknownName('metric', metric, Object.keys(seen)) });
      },
    },
  }),
});
const kit = createKit({ plugins: [basics, definePlugin({ name: 'mine', provides: [watching] })] });
const model = { type: 'dense' } as const;

describe('mistakes that would otherwise appear during training', () => {
  test.each([
    [
      { temperature: { type: 'watching', metric: 'validation.acuracy' } },
      'temperature.metric: unknown metric "validation.acuracy"; did you mean "validation.accuracy"?',
    ],
    [
      { epochs: undefined, stages: [{ epochs: 1 }, { epochs: 1, temperature: { type: 'watching', metric: 'loss.sof' } }] },
      'stages[1].temperature.metric: unknown metric "loss.sof"; did you mean "loss.soft"?',
    ],
    [
      { teacher: undefined, earlyStopping: { metric: 'kl', patience: 1 }, losses: { hard: { type: 'cross-entropy' } } },
      'earlyStopping.metric: unknown metric "kl"',
    ],
    [
      { teacher: { model, train: { epochs: 2, snapshots: [1, 3] } } },
      'teacher.train.snapshots[1]: must be an epoch of this training, which has 2, got 3',
    ],
  ])('%j is refused before training', async (changes, message) => {
    const seen = recorder();
    await expect(kit.run({ ...basicRun, ...changes } as never, { data: blobs(), reporters: [seen] })).rejects.toThrow(message);
    expect(seen.events).toEqual([]);
  });

  test('a student without a gradient is refused before its teacher is trained', async () => {
    const weights = tf.variable(tf.randomNormal([4, 3], 0, 1, 'float32', 1));
    const noGradient = tf.customGrad((x) => ({
      value: tf.clone(x as tf.Tensor),
      gradFunc: () => {
        throw new Error('no gradient of this operation');
      },
    }));
    const student = (inputs: tf.Tensor): tf.Tensor => noGradient(tf.matMul(inputs as tf.Tensor2D, weights as tf.Tensor2D));
    const seen = recorder();
    await expect(kit.run(basicRun, { data: blobs(), student, reporters: [seen] })).rejects.toThrow(
      'student: has no gradient: no gradient of this operation',
    );
    expect(seen.events).toEqual([]);
    weights.dispose();
  });

  test('a student without a gradient in training mode alone is refused', async () => {
    const weights = tf.variable(tf.randomNormal([4, 3], 0, 1, 'float32', 1));
    const rounded = (x: tf.Tensor): tf.Tensor => tf.grad((y) => tf.sum(tf.unique(y).values))(x);
    const student = (inputs: tf.Tensor, { training }: { training: boolean }): tf.Tensor => {
      const logits = tf.matMul(inputs as tf.Tensor2D, weights as tf.Tensor2D);
      return training ? tf.add(logits, rounded(logits)) : logits;
    };
    const seen = recorder();
    await expect(kit.run(basicRun, { data: blobs(), student, reporters: [seen] })).rejects.toMatchObject({
      code: 'model/invalid',
      path: ['student'],
    });
    expect(seen.events).toEqual([]);
    weights.dispose();
  });

  test('a warning reports a snapshot of an epoch that early stopping skipped', async () => {
    const train = { epochs: 9, snapshots: [9], earlyStopping: { metric: 'nll', patience: 1, minDelta: 10 } };
    const stages = [{ epochs: 1, teacher: { snapshot: 9 } }];
    const { student, teacher, warnings } = await kit.run({ ...basicRun, epochs: undefined, teacher: { model, train }, stages } as never, {
      data: blobs(),
    });
    student.dispose();
    teacher?.dispose();
    expect(warnings).toEqual(['the training of "teacher" ended after epoch 2, so its snapshot of epoch 9 has the weights of epoch 2']);
  });
});

/** What is said of the schedules of one stage of 40 updates, 4 to an epoch. */
function saidOf(temperature: object, more: object = {}): string[] {
  const [plan] = stagesOf(kit.parse({ ...basicRun, epochs: 10, ...more }), true);
  const placed = { ...plan, temperature } as never;
  const [length] = lengthsOf([{ plan: placed, size: 64 }]);
  return unreachable(placed, length as LengthInSteps).map((message) => message.split('\n')[0] as string);
}

describe('schedules that cannot reach their end', () => {
  test.each([
    [{ type: 'warm-up', of: 4, from: 1, over: { steps: 40 } }, 'temperature.over: reaches to update 40, but the stage has 40'],
    [{ type: 'warm-up', of: 4, from: 1, over: { epochs: 12 } }, 'temperature.over: reaches to update 48, but the stage has 40'],
    [
      { type: 'sequence', of: [1, 2, 3], lengths: [{ steps: 30 }, { steps: 20 }] },
      'temperature.lengths[1]: reaches to update 50, but the stage has 40',
    ],
    [
      { type: 'sequence', of: [{ type: 'warm-up', of: 4, from: 1, over: { steps: 15 } }, 2], lengths: [{ steps: 10 }] },
      'temperature.of[0].over: reaches to update 15, but the stage has 10',
    ],
    [
      { type: 'scale', by: 2, of: { type: 'warm-up-hold-decay', warmUp: { steps: 30 }, hold: { steps: 30 } } },
      'temperature.of.hold: reaches to update 60',
    ],
    [{ type: 'step', from: 4, factor: 0.5, at: [{ steps: 10 }, { steps: 90 }] }, 'temperature.at[1]: reaches to update 90'],
    [
      {
        type: 'piecewise',
        unit: 'epochs',
        points: [
          { at: 0, value: 1 },
          { at: 20, value: 2 },
        ],
      },
      'temperature.points[1].at: is update 80, but the stage has 40',
    ],
    [{ type: 'step', from: 4, factor: 0.5, every: { steps: 100 } }, 'temperature.every: is 100 updates long, but the stage has 40'],
    [{ type: 'cyclic', from: 1, to: 4, cycle: { epochs: 50 } }, 'temperature.cycle: is 200 updates long, but the stage has 40'],
    [
      { type: 'plateau', from: 8, patience: 9 },
      'temperature.patience: is 9, but the stage has 10 evaluations: the temperature ' + 'never changes',
    ],
  ])('the temperature %j is refused or reported', (temperature, message) => {
    const said = saidOf(temperature);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(message);
  });

  test.each([
    [{ type: 'linear', from: 20, to: 1 }],
    [{ type: 'warm-up', of: 4, from: 1, over: { steps: 39 } }],
    [{ type: 'warm-up', of: 4, from: 1, over: { fraction: 1 } }],
    [{ type: 'step', from: 4, factor: 0.5, every: { steps: 30 } }],
    [{ type: 'cyclic', from: 1, to: 4, cycle: { epochs: 5 } }],
    [
      {
        type: 'piecewise',
        unit: 'epochs',
        points: [
          { at: 0, value: 1 },
          { at: 10, value: 2 },
        ],
      },
    ],
    [{ type: 'sequence', of: [1, 2], lengths: [{ epochs: 5 }] }],
    [{ type: 'plateau', from: 8, patience: 3 }],
  ])('the temperature %j is accepted', (temperature) => {
    expect(saidOf(temperature)).toEqual([]);
  });

  test('a learning rate that cannot reach its end is reported too', () => {
    expect(saidOf({}, { optimizer: { type: 'sgd', learningRate: { type: 'linear', from: 0.1, to: 0 } } })).toEqual([]);
  });
});
