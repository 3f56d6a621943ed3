import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { createRandom, type TemperatureSchedule, type VariableContext } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { expect, test } from 'vitest';
import { linear } from '../curves/linear.js';
import { temperatureOf, valuesOf } from '../testing/graph-side.js';
import { ctkdPerSample } from './ctkd-per-sample.js';
import { ctkd } from './ctkd.js';

const context = (seed: number): VariableContext => ({ classes: 3, losses: ['soft'], random: createRandom(seed) });
const student = () =>
  tf.tensor2d([
    [1, 0, -1],
    [0, 2, 0],
  ]); // prettier-ignore
const teacher = () =>
  tf.tensor2d([
    [4, 1, 0],
    [0, 3, 5],
  ]); // prettier-ignore

/** T²·KL, which the student makes smaller. */
function loss(T: tf.Tensor): tf.Scalar {
  const [p, q] = [tf.div(teacher(), T), tf.div(student(), T)];
  const divergence = tf.sum(tf.mul(tf.softmax(p), tf.sub(tf.logSoftmax(p), tf.logSoftmax(q))), -1, true);
  return tf.mean(tf.mul(tf.square(T), divergence));
}

/** Loss before and after some steps of gradient descent on the policy's variables. */
function descend(policy: TemperatureSchedule, strength: number): [before: number, after: number] {
  const variables = policy.variables?.(context(1)) ?? {};
  const list = Object.values(variables);
  const now = (): tf.Scalar => loss(temperatureOf(policy, student(), teacher(), { scalars: { strength }, variables }) as tf.Tensor);
  const read = (): number => tf.tidy(() => now().dataSync()[0] as number);
  const before = read();
  for (let i = 0; i < 20; i++) {
    tf.tidy(() => {
      const { grads } = tf.variableGrads(now, list);
      for (const variable of list) variable.assign(tf.sub(variable, tf.mul(0.5, grads[variable.name] as tf.Tensor)));
    });
  }
  const after = read();
  tf.dispose(variables);
  return [before, after];
}

test.each([
  ['one for all', ctkd({})],
  ['one per sample', ctkdPerSample({ hidden: 4 })],
])('gradient descent on a learned temperature raises the loss (%s)', async (_, policy) => {
  await expectNoLeakedTensors(() => {
    const [before, after] = descend(policy, 1);
    expect(after).toBeGreaterThan(before);
    const [still, unchanged] = descend(policy, 0);
    expect(unchanged).toBe(still);
  });
});

test('the strength of a learned temperature is a schedule, by default a cosine', () => {
  expect(ctkd({}).scalars({ step: 50, total: 101 }, null)).toEqual({ strength: 0.5 });
  expect(ctkd({ strength: linear({ from: 0, to: 2 }) }).scalars({ step: 100, total: 101 }, null)).toEqual({ strength: 2 });
  expect(() => ctkd({ strength: linear({ from: 0, to: -1 }) })).toThrow(
    'strength: must be a finite number at least 0 at every step, got -1',
  );
});

test('ctkd-per-sample starts with one temperature for all samples and learns others', () => {
  tf.tidy(() => {
    const policy = ctkdPerSample({ min: 1, max: 21, theta: 0 });
    const variables = policy.variables?.(context(1)) ?? {};
    const [first] = valuesOf(temperatureOf(policy, student(), teacher(), { variables })) as [number[]];
    expect(first).toEqual([11, 11]);
    variables['kernel']?.assign(tf.ones([32, 1]));
    const [later] = valuesOf(temperatureOf(policy, student(), teacher(), { variables })) as [number[]];
    expect(later[0]).not.toBe(later[1]);
    tf.dispose(variables);
  });
});

test('the initial network depends on the seed alone', () => {
  const kernels = [1, 1, 2].map((seed) => {
    const variables = ctkdPerSample({}).variables?.(context(seed)) ?? {};
    const values = [...(variables['hiddenKernel'] as tf.Variable).dataSync()];
    tf.dispose(variables);
    return values;
  });
  expect(kernels[0]).toEqual(kernels[1]);
  expect(kernels[0]).not.toEqual(kernels[2]);
});

test('an empty range is refused', () => {
  expect(() => ctkd({ min: 21, max: 1 })).toThrow('ctkd.min: must be below max (1), got 21');
  expect(() => ctkdPerSample({ hidden: 0 })).toThrow('ctkd-per-sample.hidden: must be a finite number at least 1, got 0');
});
