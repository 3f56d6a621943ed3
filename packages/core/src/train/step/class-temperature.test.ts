import * as tf from '@tensorflow/tfjs-node';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { LossInputs } from '../../contracts/loss.js';
import type { Temperature } from '../../contracts/schedule.js';
import { checkTemperature } from '../plan/check-temperature.js';
import { defineLoss, definePlugin, defineTemperature } from '../../kit/define.js';
import { createKit } from '../../kit/kit.js';
import { progressOf } from '../../progress.js';
import { basicRun, basics, blobs, recorder } from '../fixtures/basic-run.js';

const perClass = defineTemperature({
  type: 'per-class',
  options: z.strictObject({ from: z.array(z.number()), to: z.number() }),
  create:
    ({ from, to }) =>
    (at) =>
      from.map((first) => first + (to - first) * progressOf(at)),
});

/** Two graph sides, of which the second has a shape of its own. */
const turning = defineTemperature({
  type: 'turning',
  options: z.strictObject({ shape: z.array(z.int()) }),
  create: ({ shape }) => ({
    scalars: () => ({ value: 4 }),
    graphKey: ({ step, total }) => (step < total - 1 ? 'first' : 'second'),
    temperature: ({ scalars, graphKey }): Temperature =>
      graphKey === 'first' ? (scalars['value'] as tf.Scalar) : tf.mul(scalars['value'] as tf.Scalar, tf.ones(shape)),
  }),
});
const soft = defineLoss({
  type: 'soft',
  options: z.strictObject({}),
  create: () =>
    Object.assign(
      ({ student, teacher, temperature }: LossInputs) => {
        const soften = (logits: tf.Tensor): tf.Tensor => tf.softmax(tf.div(logits, temperature as tf.Tensor));
        return tf.sum(tf.square(tf.sub(soften(teacher as tf.Tensor), soften(student))), -1);
      },
      { needs: ['teacher'] as const },
    ),
});
const kit = createKit({ plugins: [basics, definePlugin({ name: 'own', provides: [perClass, turning, soft] })] });
const own = { ...basicRun, losses: { soft: { type: 'soft' } }, weighting: { soft: 1 } };

describe('a temperature for each class', () => {
  test('follows progress as a list of numbers, and its mean is reported', async () => {
    const seen = recorder();
    await expectNoLeakedTensors(async () => {
      const temperature = { type: 'per-class', from: [8, 4, 6], to: 1 };
      const result = await kit.run({ ...own, temperature } as never, { data: blobs(), reporters: [seen] });
      result.student.dispose();
      result.teacher?.dispose();
    });
    const steps = seen.of('steps').filter(({ stage }) => stage !== 'teacher');
    expect(steps[0]?.scalars).toMatchObject({ 'temperature.class.0': 8, 'temperature.class.1': 4, 'temperature.class.2': 6 });
    expect(steps[0]?.scalars['temperature']).toBeCloseTo(6, 5);
    expect(steps.at(-1)?.scalars['temperature']).toBeCloseTo(1, 5);
  });

  test.each([
    [{ type: 'per-class', from: [8, 4], to: 1 }, 'temperature: has the shape [1, 2]; with logits'],
    [{ type: 'per-class', from: [8, 4, 5], to: -1 }, 'temperature: must be a finite number above 0 for every class, got -'],
    [{ type: 'per-class', from: [], to: 1 }, 'got an empty list'],
    [{ type: 'turning', shape: [3] }, 'temperature: has the shape [3]; with logits'],
  ])('%j is refused before anything is trained', async (temperature, message) => {
    const seen = recorder();
    await expect(kit.run({ ...own, temperature } as never, { data: blobs(), reporters: [seen] })).rejects.toThrow(message);
    expect(seen.events).toEqual([]);
  });

  test('a list whose length changes is refused', () => {
    const growing = defineTemperature({
      type: 'growing',
      options: z.strictObject({}),
      create: () => (at) => new Array<number>(1 + at.step).fill(2),
    });
    expect(() => checkTemperature(growing({}), { total: 3 }, 'temperature')).toThrow(
      'temperature: must give the same numbers at every update, got 1 at step 0 and 2 at step 1',
    );
  });
});
