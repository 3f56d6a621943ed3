import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import type { TemperatureSchedule } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect, test } from 'vitest';
import { linear } from '../curves/linear.js';
import { temperatureOf, valuesOf } from '../testing/graph-side.js';
import { cwsm } from './cwsm.js';
import { dtkd } from './dtkd.js';
import { flsw } from './flsw.js';
import { logitStandardization } from './logit-standardization.js';

type Logits = number[][];
const values = (policy: TemperatureSchedule, student: Logits, teacher: Logits, step = 0): number[][] =>
  tf.tidy(() => valuesOf(temperatureOf(policy, tf.tensor2d(student), tf.tensor2d(teacher), { at: { step, total: 100 } })));

describe('flsw', () => {
  test('flsw gives a lower temperature to samples on which the two networks differ', () => {
    const [T] = values(
      flsw({ base: 4 }),
      [
        [3, 0, 0],
        [0, 3, 0],
      ],
      [
        [3, 0, 0],
        [3, 0, 0],
      ],
    ) as [number[]]; // prettier-ignore
    expect(T[0]).toBeCloseTo(4.5, 3);
    expect(T[1]).toBeCloseTo(3.5, 3);
  });

  test('the base of flsw is a schedule, and with beta 0 it is the temperature', () => {
    const policy = flsw({ base: linear({ from: 8, to: 2 }), beta: 0 });
    expect(values(policy, [[1, 2]], [[2, 1]], 99)).toEqual([[2]]);
  });

  test('flsw stays above its minimum', () => {
    const [T] = values(
      flsw({ base: 1, beta: 100, min: 0.5 }),
      [
        [3, 0],
        [0, 3],
      ],
      [
        [3, 0],
        [3, 0],
      ],
    ) as [number[]]; // prettier-ignore
    expect(T[1]).toBe(0.5);
  });
});

test('cwsm gives a lower temperature to samples on which the student is unsure', () => {
  const [T] = values(
    cwsm({ base: 4, beta: 1 }),
    [
      [9, 0, 0],
      [0, 0, 0],
    ],
    [
      [1, 0, 0],
      [1, 0, 0],
    ],
  ) as [number[]]; // prettier-ignore
  expect(T[0]).toBeGreaterThan(4);
  expect(T[1]).toBeLessThan(4);
});

describe('dtkd', () => {
  test('dtkd gives the sharper side the higher temperature, with a sum of twice the base', () => {
    const [student, teacher] = values(dtkd({ base: 4 }), [[2, 0]], [[6, 0]]) as [number[], number[]];
    expect(student[0]).toBeCloseTo(2, 5);
    expect(teacher[0]).toBeCloseTo(6, 5);
  });

  test('dtkd gives the gradient to one of several equal largest logits', () => {
    tf.tidy(() => {
      const teacher = tf.tensor2d([[6, 0, 0]]);
      const own = (student: tf.Tensor): tf.Tensor => {
        const T = temperatureOf(dtkd({ base: 4 }), student, teacher) as { readonly student: tf.Tensor };
        return tf.sum(T.student);
      };
      const gradient = Array.from(
        tf
          .grad(own)(tf.tensor2d([[2, 2, 0]]))
          .dataSync(),
      );
      // d(8·m/(m + 6))/dm = 48/64.
      [0.75, 0, 0].forEach((want, i) => expect(gradient[i]).toBeCloseTo(want, 5));
    });
  });

  test('dtkd gives temperatures above 0 for logits below 0', () => {
    for (const [student, teacher] of [
      [-5, -3],
      [-5, 8],
      [8, -1e4],
    ] as const) {
      // prettier-ignore
      for (const side of values(dtkd({ base: 4 }), [[student, student - 1]], [[teacher, teacher - 1]]))
        expect(side[0]).toBeGreaterThanOrEqual(0.05);
    }
  });
});

describe('logit-standardization', () => {
  test('logit-standardization gives logits of standard deviation 1/base', () => {
    for (const scale of [0.01, 1, 100]) {
      const logits = [1, 4, -2, 0.5].map((value) => value * scale);
      const [T] = values(logitStandardization({ base: 2 }), [logits], [[1, 2, 3, 4]]) as [number[]];
      const softened = logits.map((value) => value / (T[0] as number));
      const mean = softened.reduce((a, b) => a + b) / 4;
      expect(Math.sqrt(softened.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3)).toBeCloseTo(0.5, 4);
    }
  });

  test('the base of logit-standardization is 2 by default', () => {
    expect(values(logitStandardization({}), [[1, 3]], [[1, 3]])).toEqual(values(logitStandardization({ base: 2 }), [[1, 3]], [[1, 3]]));
  });

  test('logit-standardization has a finite gradient for constant rows', async () => {
    await expectNoLeakedTensors(() =>
      tf.tidy(() => {
        const gradient = tf.grad((z) => {
          const T = temperatureOf(logitStandardization({}), z, tf.zeros([1, 3])) as { student: tf.Tensor };
          return tf.sum(T.student);
        })(tf.tensor2d([[5, 5, 5]]));
        expect([...gradient.dataSync()]).toEqual([0, 0, 0]);
      }),
    );
  });
});

describe('no gradient passes through', () => {
  test.each<[string, TemperatureSchedule]>([
    ['flsw', flsw({ base: 4 })],
    ['cwsm', cwsm({ base: 4 })],
  ])('no gradient passes through %s', (_, policy) => {
    tf.tidy(() => {
      const teacher = tf.tensor2d([
        [1, 2, 0],
        [0, 1, 5],
      ]); // prettier-ignore
      const through = tf.grad((z) => tf.sum(temperatureOf(policy, z, teacher) as tf.Tensor))(
        tf.tensor2d([
          [3, 2, 1],
          [0, 4, 1],
        ]),
      ); // prettier-ignore
      expect(Math.max(...through.dataSync().map(Math.abs))).toBe(0);
    });
  });
});

describe('bases below the range', () => {
  test.each([
    ['flsw', () => flsw({ base: -3 }), 'base: must be a finite number at least 0.05 at every step, got -3'],
    ['cwsm', () => cwsm({ base: linear({ from: 4, to: 0 }) }), 'base: must be a finite number at least 0.05 at every step, got 0'],
    ['dtkd', () => dtkd({ base: 0.5, min: 1 }), 'base: must be a finite number at least 1 at every step, got 0.5'],
    ['logit-standardization', () => logitStandardization({ base: 0 }), 'base: must be a finite number at least 0.05'],
    ['a minimum at 0', () => flsw({ base: 4, min: 0 }), 'flsw.min: must be a finite number at least 0.001, got 0'],
  ])('%s refuses a base below its range', (_, make, message) => {
    expect(make).toThrow(message);
  });
});
