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
  test('a sample on which student and teacher differ is the colder one', () => {
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

  test('its base is a schedule, and beta 0 leaves nothing else', () => {
    const policy = flsw({ base: linear({ from: 8, to: 2 }), beta: 0 });
    expect(values(policy, [[1, 2]], [[2, 1]], 99)).toEqual([[2]]);
  });

  test('is kept above its minimum', () => {
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

test('cwsm: a sample of which the student is unsure is the colder one', () => {
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
  test('the sharper side is the warmer one, and both together have twice the base', () => {
    const [student, teacher] = values(dtkd({ base: 4 }), [[2, 0]], [[6, 0]]) as [number[], number[]];
    expect(student[0]).toBeCloseTo(2, 5);
    expect(teacher[0]).toBeCloseTo(6, 5);
  });

  test('of several largest logits one has the gradient, not each of them the whole', () => {
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

  test('logits that are all below 0 have temperatures all the same', () => {
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
  test('dividing by it gives logits of standard deviation 1/base, whatever they were', () => {
    for (const scale of [0.01, 1, 100]) {
      const logits = [1, 4, -2, 0.5].map((value) => value * scale);
      const [T] = values(logitStandardization({ base: 2 }), [logits], [[1, 2, 3, 4]]) as [number[]];
      const softened = logits.map((value) => value / (T[0] as number));
      const mean = softened.reduce((a, b) => a + b) / 4;
      expect(Math.sqrt(softened.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3)).toBeCloseTo(0.5, 4);
    }
  });

  test('its base is 2 by default', () => {
    expect(values(logitStandardization({}), [[1, 3]], [[1, 3]])).toEqual(values(logitStandardization({ base: 2 }), [[1, 3]], [[1, 3]]));
  });

  test('rows without any difference have a gradient', async () => {
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
  ])('%s', (_, policy) => {
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

describe('a base below the range is refused', () => {
  test.each([
    ['flsw', () => flsw({ base: -3 }), 'base: must be a finite number at least 0.05 at every step, got -3'],
    ['cwsm', () => cwsm({ base: linear({ from: 4, to: 0 }) }), 'base: must be a finite number at least 0.05 at every step, got 0'],
    ['dtkd', () => dtkd({ base: 0.5, min: 1 }), 'base: must be a finite number at least 1 at every step, got 0.5'],
    ['logit-standardization', () => logitStandardization({ base: 0 }), 'base: must be a finite number at least 0.05'],
    ['a minimum at 0', () => flsw({ base: 4, min: 0 }), 'flsw.min: must be a finite number at least 0.001, got 0'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});
