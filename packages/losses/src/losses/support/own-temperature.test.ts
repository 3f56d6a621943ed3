import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { createKit, createRandom, defineSchedule, defineTemperature, type LossContext } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { kl, losses } from '../../index.js';

const halving = defineSchedule({
  type: 'halving',
  options: z.strictObject({ from: z.number() }),
  create:
    ({ from }) =>
    ({ step }) =>
      from / 2 ** step,
});
/** Learns a factor on a number that the host gives; per sample, and hotter where the label is not class 0. */
const learned = defineTemperature({
  type: 'learned',
  options: z.strictObject({}),
  create: () => ({
    scalars: ({ step }) => ({ base: 1 + step }),
    variables: () => ({ factor: tf.tidy(() => tf.variable(tf.scalar(2))) }),
    temperature: ({ scalars, variables, labels }) =>
      tf.mul(
        tf.mul(scalars['base'] as tf.Scalar, variables['factor'] as tf.Variable),
        tf.add(1, tf.expandDims(tf.cast(labels, 'float32'), -1)),
      ),
  }),
});
const reactive = defineTemperature({
  type: 'reactive',
  options: z.strictObject({}),
  create: () => ({
    scalars: (_, state) => ({ value: state as number }),
    measure: ({ student }) => ({ largest: tf.max(student) }),
    state: { initial: 8, schema: z.number(), observe: (_, seen) => 1 + (seen['largest'] as number) },
  }),
});
const changing = defineTemperature({
  type: 'changing',
  options: z.strictObject({}),
  create: () => ({ scalars: () => ({ value: 2 }), graphKey: ({ step }) => `${step > 3}` }),
});

const kit = createKit({ plugins: [losses, halving, learned, reactive, changing] });
const logits = () => ({
  student: tf.tensor2d([
    [0, 1, 5],
    [1, 0, 0],
  ]),
  teacher: tf.tensor2d([
    [1, 2, -3],
    [0, 4, 1],
  ]),
});
const at = (temperature: number) =>
  kit
    .loss({ type: 'kl' })({ ...logits(), temperature })
    .arraySync();

test('a temperature option replaces the given temperature, by hand and in a kit', async () => {
  await expectNoLeakedTensors(() =>
    tf.tidy(() => {
      for (const loss of [kl({ temperature: 4 }), kit.loss({ type: 'kl', temperature: 4 })])
        expect(loss({ ...logits(), temperature: 9 }).arraySync()).toEqual(at(4));
    }),
  );
});

test('a schedule as the temperature option becomes a scalar of the loss', () => {
  tf.tidy(() => {
    const loss = kit.loss({ type: 'kl', temperature: { type: 'halving', from: 8 } });
    expect(loss.scalars?.({ step: 1, total: 3 })).toEqual({ 'temperature.value': 4 });
    expect(loss({ ...logits(), temperature: 9, scalars: { 'temperature.value': tf.scalar(4) } }).arraySync()).toEqual(at(4));
    expect(() => loss({ ...logits(), temperature: 9 })).toThrow(
      'temperature.value changes during training, and its value at this step is missing',
    );
  });
});

test("the initial scale uses the first value of the loss's own schedule", () => {
  tf.tidy(() => {
    const loss = kit.loss({ type: 'kl', scale: 'initial', temperature: { type: 'halving', from: 8 } });
    const values = loss({ ...logits(), initialTemperature: 100, scalars: { 'temperature.value': tf.scalar(4) } }).arraySync() as number[];
    expect(values).toEqual((at(4) as number[]).map((value) => expect.closeTo(4 * value, 4) as number));
  });
});

test('an adaptive temperature option has its numbers, variables and gradient', async () => {
  await expectNoLeakedTensors(() => {
    const loss = kit.loss({ type: 'kl', temperature: { type: 'learned' } });
    expect(loss.needs).toEqual(['labels', 'teacher']);
    expect(loss.scalars?.({ step: 1, total: 3 })).toEqual({ 'temperature.base': 2 });
    const context: LossContext = { classes: 3, losses: ['soft'], random: createRandom(0), tapShapes: { student: {}, teacher: {} } };
    const variables = loss.variables?.(context) ?? {};
    expect(Object.keys(variables)).toEqual(['temperature.factor']);
    tf.tidy(() => {
      const x = { ...logits(), labels: tf.tensor1d([0, 1], 'int32'), scalars: { 'temperature.base': tf.scalar(2) }, variables };
      expect(loss(x).arraySync()).toEqual([(at(4) as number[])[0], (at(8) as number[])[1]]);
      const { grads } = tf.variableGrads(() => tf.sum(loss(x)));
      expect(Object.values(grads)[0]?.dataSync()[0]).not.toBe(0);
      expect(() => loss({ ...logits(), scalars: x.scalars, variables })).toThrow('needs labels, got none');
      expect(() => loss({ ...x, scalars: {} })).toThrow('temperature.base changes during training');
    });
    tf.dispose(variables);
  });
});

test('a temperature option with a state makes the loss react to what it measures', () => {
  const loss = kit.loss({ type: 'taid', share: 1, adaptive: { rate: 1, momentum: 0 }, temperature: { type: 'reactive' } });
  const at = { step: 1, total: 3 };
  tf.tidy(() => {
    const x = { ...logits(), labels: tf.tensor1d([0, 1], 'int32'), scalars: { share: tf.scalar(1), 'temperature.value': tf.scalar(2) } };
    expect(Object.keys(loss.measure?.(x) ?? {})).toEqual(['crossEntropy', 'temperature.largest']);
  });
  const initial = loss.state?.initial ?? null;
  const next = loss.state?.observe(initial, { crossEntropy: 1, 'temperature.largest': 4 }, at) ?? null;
  expect(loss.state?.schema?.parse(next)).toEqual(next);
  expect([initial, next].map((state) => loss.scalars?.(at, state)['temperature.value'])).toEqual([8, 5]);
});

test('a temperature option that changes its operations, or a value of 0, is refused with its path', () => {
  expect(() => kit.loss({ type: 'kl', temperature: { type: 'changing' } })).toThrow(
    'temperature: a loss cannot have a temperature whose operations change during training',
  );
  const frozen = kit.loss({ type: 'kl', temperature: { type: 'halving', from: 1 } });
  expect(() => frozen.scalars?.({ step: 2000, total: 9000 })).toThrow(
    'temperature: must be a finite number above 0 at every update, got 0 at step 2000 of 9000',
  );
  for (const temperature of [0, -1])
    expect(() => kit.loss({ type: 'kl', temperature })).toThrow(
      `temperature: must be a finite number above 0 at every update, got ${temperature} at step 0 of 2`,
    );
  expect(() => kit.build('loss', { type: 'kl', temperature: { type: 'halving', from: 'hot' } }, ['losses', 'soft'])).toThrow(
    'losses.soft.temperature.from: must be a number, got "hot"',
  );
});
