import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { defineTemperature, type Temperature, type TemperatureSchedule } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { clamp, flsw, product, scale, sequence, sides, warmUp } from '../index.js';
import { temperatureOf, valuesOf } from '../testing/graph-side.js';
import { at } from '../testing/temperatures.js';

const perClass = defineTemperature({
  type: 'per-class',
  options: z.strictObject({ values: z.array(z.number()) }),
  create:
    ({ values }) =>
    () =>
      values,
});
const shaped = defineTemperature({
  type: 'shaped',
  options: z.strictObject({ shape: z.array(z.int()) }),
  create: ({ shape }) => ({
    scalars: () => ({ value: 3 }),
    temperature: ({ scalars }) => tf.mul(scalars['value'] as tf.Scalar, tf.ones(shape)),
  }),
});

const logits = (): tf.Tensor => tf.randomNormal([2, 3, 4], 0, 1, 'float32', 5);
const temperature = (schedule: unknown, step = 0): Temperature => {
  const [student, teacher] = [logits(), logits()];
  return temperatureOf(schedule as TemperatureSchedule, student, teacher, { at: at(step) });
};

describe('temperatures of different shapes', () => {
  test('broadcast against each other under operators', async () => {
    const classes = [1, 2, 4, 8];
    await expectNoLeakedTensors(() =>
      tf.tidy(() => {
        const combined = temperature(product([perClass({ values: classes }), shaped({ shape: [2, 1] }), flsw({ base: 4, beta: 0 })]));
        expect((combined as tf.Tensor).shape).toEqual([2, 3, 4]);
        expect(valuesOf(combined)[0]).toEqual(Array.from({ length: 6 }, () => classes.map((T) => 12 * T)).flat());
        const clamped = temperature(clamp({ of: scale({ of: perClass({ values: classes }), by: 2 }), min: 3, max: 9 }));
        expect(valuesOf(clamped)).toEqual([[3, 4, 8, 9]]);
        const warm = temperature(warmUp({ of: perClass({ values: classes }), from: 2, over: { steps: 10 } }), 5);
        expect(valuesOf(warm)).toEqual([[1.5, 2, 3, 5]]);
        const parted = temperature(sides({ student: 2, teacher: perClass({ values: classes }) }));
        expect(valuesOf(parted)).toEqual([[2], classes]);
      }),
    );
  });

  test.each([
    [product([perClass({ values: [1, 2, 3] }), 2]), 'of[0]: has the shape [1, 3]; with logits [2, 3, 4]'],
    [clamp({ of: shaped({ shape: [2, 3] }), max: 9 }), 'of: has the shape [2, 3]; with logits [2, 3, 4]'],
    [sides({ student: 2, teacher: shaped({ shape: [3] }) }), 'teacher: has the shape [3]'],
    [product([2, clamp({ of: shaped({ shape: [3] }), max: 9 })]), 'of[1].of: has the shape [3]'],
    [sequence([shaped({ shape: [5, 1] }), 2]), 'of[0]: has the shape [5, 1]'],
  ])('a part of a wrong shape is named by its place', (schedule, message) => {
    tf.tidy(() => {
      expect(() => temperature(schedule)).toThrow(message);
    });
  });
});
