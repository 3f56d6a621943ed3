import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect, test } from 'vitest';
import { temperatureOf, valuesOf } from '../testing/graph-side.js';
import { ctkdPerClass } from './ctkd-per-class.js';
import { inverseDifficulty } from './inverse-difficulty.js';
import { largestLogit } from './largest-logit.js';
import { medianOfCounted } from './median.js';

describe('inverseDifficulty', () => {
  const teacher = () =>
    tf.tensor3d([
      [
        [3, 0],
        [3, 0],
        [3, 0],
      ],
    ]); // prettier-ignore
  const student = () =>
    tf.tensor3d([
      [
        [3, 0],
        [1, 0],
        [-3, 0],
      ],
    ]); // prettier-ignore

  test('is base at the median difficulty, lower above it and higher below it', async () => {
    await expectNoLeakedTensors(() =>
      tf.tidy(() => {
        const T = valuesOf(temperatureOf(inverseDifficulty({ base: 2, scale: 0.5 }), student(), teacher()))[0] as number[];
        expect(T[0]).toBeCloseTo(2 * Math.exp(0.5), 5);
        expect(T[1]).toBe(2);
        expect(T[2]).toBeLessThan(2);
        const reversed = valuesOf(temperatureOf(inverseDifficulty({ base: 2, scale: -0.5 }), student(), teacher()))[0] as number[];
        expect(reversed[2]).toBeGreaterThan(2);
      }),
    );
  });

  test('is base where nothing differs, where one token is counted, and where none is', () => {
    tf.tidy(() => {
      const policy = inverseDifficulty({ base: 3 });
      expect(valuesOf(temperatureOf(policy, teacher(), teacher()))).toEqual([[3, 3, 3]]);
      const one = valuesOf(temperatureOf(policy, student(), teacher(), { mask: tf.tensor2d([[0, 0, 1]]) }))[0] as number[];
      expect(one[2]).toBe(3);
      const none = valuesOf(temperatureOf(policy, student(), teacher(), { mask: tf.zeros([1, 3]) }))[0] as number[];
      expect(none.every(Number.isFinite)).toBe(true);
    });
  });

  test('stays finite for logits up to ±1e4 and a class that is masked', () => {
    tf.tidy(() => {
      const [hot, cold] = [tf.tensor2d([[1e4, -1e4, -1e9]]), tf.tensor2d([[-1e4, 1e4, -1e9]])];
      expect(valuesOf(temperatureOf(inverseDifficulty({ base: 3 }), hot, cold))).toEqual([[3]]);
    });
  });
});

test.each([
  [[5, 1, 4], undefined, 4],
  [[5, 1, 4, 2], undefined, 2],
  [[5, 1, 4, 2], [1, 1, 0, 1], 2],
  [[5, 1, 4, 2], [1, 0, 0, 1], 2],
  [[5, 1, 4, 2], [1, 0, 0, 0], 5],
])('the median of %j with the mask %j is %j', (values, mask, median) => {
  tf.tidy(() => {
    const counted = mask === undefined ? undefined : tf.tensor1d(mask);
    expect(medianOfCounted(tf.tensor2d(values, [values.length, 1]), counted).dataSync()[0]).toBe(median);
  });
});

describe('largestLogit', () => {
  test('is in proportion to the largest logit of each side', () => {
    tf.tidy(() => {
      const [student, teacher] = [
        tf.tensor2d([
          [4, 0],
          [-2, -6],
        ]),
        tf.tensor2d([
          [8, 0],
          [100, 0],
        ]),
      ]; // prettier-ignore
      const policy = largestLogit({ factor: 0.5, min: 0.5, max: 20 });
      expect(valuesOf(temperatureOf(policy, student, teacher))).toEqual([
        [2, 0.5],
        [4, 20],
      ]);
      const fromMean = largestLogit({ factor: 0.5, from: 'mean', min: 0.5, max: 20 });
      expect(valuesOf(temperatureOf(fromMean, student, teacher))[0]).toEqual([1, 1]);
    });
  });
});

test('ctkdPerClass learns one temperature for each class, against the student', async () => {
  await expectNoLeakedTensors(() => {
    const policy = ctkdPerClass({ min: 1, max: 9, theta: 0 });
    const variables = policy.variables?.({ classes: 3, losses: ['soft'], random: undefined as never }) ?? {};
    tf.tidy(() => {
      const z = tf.zeros([2, 3]);
      const temperature = (): tf.Tensor => temperatureOf(policy, z, z, { variables, scalars: { strength: 1 } }) as tf.Tensor;
      expect(temperature().shape).toEqual([1, 3]);
      expect(valuesOf(temperature())).toEqual([[5, 5, 5]]);
      // What a minimiser would lower rises, for each class by its own share.
      const theta = variables['theta'] as tf.Variable;
      const { grads } = tf.variableGrads(() => tf.sum(tf.mul(temperature(), [[1, 0, 2]])), [theta]);
      const [first, second, third] = (grads[theta.name] as tf.Tensor).dataSync() as unknown as [number, number, number];
      expect(first).toBeLessThan(0);
      expect(second).toBeCloseTo(0, 10);
      expect(third).toBeCloseTo(2 * first, 5);
    });
    tf.dispose(variables);
  });
});
