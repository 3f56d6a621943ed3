import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineLoss, defineTemperature, defineWeighting } from '../../kit/define.js';
import { createKit } from '../../kit/kit.js';
import { Tokens } from '../../kit/tokens.js';
import { createRandom } from '../../random.js';
import { expectNoLeakedTensors } from '@temper/testing';
import { run } from '../fixtures/fixture-run.js';
import { basicRun, basics, blobs, recorder } from '../fixtures/basic-run.js';

describe('strategies', () => {
  test('an adaptive temperature gets the logits, learns a variable, reacts to metrics', async () => {
    const observed: Record<string, number>[] = [];
    const adaptive = defineTemperature({
      type: 'adaptive',
      options: z.object({}),
      create: () => ({
        scalars: (_at, state) => ({ base: state as number }),
        variables: () => ({ shift: tf.variable(tf.scalar(0.5)) }),
        temperature: ({ scalars, variables, teacher }) =>
          tf.add(tf.add(scalars['base'] as tf.Scalar, tf.abs(variables['shift'] as tf.Variable)), tf.mul(0, tf.sum(teacher, -1, true))),
        measure: ({ temperature }) => ({ mean: tf.mean(temperature) }),
        state: {
          initial: 4,
          observe: (state, seen) => {
            observed.push({ ...seen });
            return (state as number) - 1;
          },
        },
      }),
    });
    const seen = recorder();
    await expectNoLeakedTensors(async () => {
      const result = await createKit({ plugins: [basics, adaptive] }).run(
        { ...basicRun, temperature: { type: 'adaptive' } },
        { data: blobs(), reporters: [seen] },
      );
      result.student.dispose();
      result.teacher?.dispose();
    });
    // Before training it observes what it has not measured, so that names of metrics are checked.
    observed.splice(
      0,
      observed.findIndex(({ mean }) => mean !== undefined),
    );
    expect(observed.map(({ mean }, i) => Math.round(2 * ((mean as number) - (4 - i))) / 2)).toEqual([0.5, 0.5, 0.5]);
    expect(Object.keys(observed[0] ?? {})).toEqual(
      expect.arrayContaining(['loss', 'loss.soft', 'loss.hard', 'mean', 'validation.accuracy']),
    );
    const temperatures = seen
      .of('steps')
      .filter(({ stage }) => stage !== 'teacher')
      .map(({ scalars }) => scalars['temperature']);
    expect(temperatures[0]).toBeCloseTo(4.5);
    expect(temperatures.at(-1)).not.toBeCloseTo(2.5, 6);
  });

  test('a weighting can weigh samples, request gradients and add a penalty', async () => {
    const balance = defineWeighting({
      type: 'balance',
      options: z.object({}),
      create: () => ({
        scalars: () => ({}),
        weights: ({ gradientOf, labels }) => ({ soft: tf.norm(gradientOf('hard')), hard: tf.cast(tf.notEqual(labels, 0), 'float32') }),
        penalty: () => tf.scalar(1),
      }),
    });
    await expectNoLeakedTensors(async () => {
      const result = await createKit({ plugins: [basics, balance] }).run(
        { ...basicRun, weighting: { type: 'balance' } },
        { data: blobs() },
      );
      expect(result.test['accuracy']).toBeGreaterThan(0.5);
      result.student.dispose();
      result.teacher?.dispose();
    });
  });

  test('a gradient at the logits that a loss does not read is refused with its name', async () => {
    const blind = defineLoss({
      type: 'blind',
      options: z.object({}),
      create:
        () =>
        ({ labels }) =>
          tf.cast(labels as tf.Tensor, 'float32'),
    });
    const balance = defineWeighting({
      type: 'balance',
      options: z.object({}),
      create: () => ({ scalars: () => ({}), weights: ({ gradientOf }) => ({ hint: tf.norm(gradientOf('hint')), hard: tf.scalar(1) }) }),
    });
    const kit = createKit({ plugins: [basics, blind, balance] });
    const config = {
      ...basicRun,
      losses: { hard: { type: 'cross-entropy' }, hint: { type: 'blind' } },
      weighting: { type: 'balance' },
    } as const;
    await expect(kit.run(config, { data: blobs() })).rejects.toThrow(
      "asks for the gradient of losses.hint at the student's logits, but this loss does not depend on them",
    );
  });

  test("a strategy that a user binds is used instead of the config's strategy", async () => {
    const seen = recorder();
    await run(
      {},
      {
        reporters: [seen],
        services: (container) => {
          container.bind(Tokens.TemperatureSchedule).toConstantValue({ scalars: () => ({ value: 3 }) });
          container.rebind(Tokens.Random).toConstantValue(createRandom(99));
        },
      },
    );
    const values = seen.of('steps').map(({ stage, scalars }) => [stage, scalars['temperature.value']].join());
    expect(new Set(values)).toEqual(new Set(['teacher,1', 'student,3']));
  });

  test('a step is compiled again when its graph side changes, and only then', async () => {
    const keyed = defineTemperature({
      type: 'keyed',
      options: z.object({}),
      create: () => ({
        scalars: () => ({ value: 2 }),
        graphKey: ({ step }) => (step < 5 ? 'one' : 'two'),
        temperature: ({ scalars, graphKey }) => tf.mul(scalars['value'] as tf.Scalar, graphKey === 'one' ? 1 : 3),
      }),
    });
    const prepared: string[] = [];
    const seen = recorder();
    const result = await createKit({ plugins: [basics, keyed] }).run(
      { ...basicRun, temperature: { type: 'keyed' } },
      {
        data: blobs(),
        reporters: [seen],
        services: (container) => {
          const engine = container.get(Tokens.Engine);
          container
            .rebind(Tokens.Engine)
            .toConstantValue({ ...engine, prepare: (step) => (prepared.push(step.name), engine.prepare(step)) });
        },
      },
    );
    expect(prepared).toEqual(['teacher', 'student', 'student']);
    expect(
      seen
        .of('steps')
        .filter(({ stage }) => stage === 'student')
        .map(({ step, scalars }) => [step, Math.round(scalars['temperature'] as number)]),
    ).toEqual(Array.from({ length: 12 }, (_, i) => [i + 1, i < 5 ? 2 : 6]));
    result.student.dispose();
    result.teacher?.dispose();
  });
});
