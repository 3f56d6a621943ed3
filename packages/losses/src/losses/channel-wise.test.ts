import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import type { LossInputs } from '@temper/core';
import { checkLoss } from '@temper/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { channelWise } from './channel-wise.js';
import { divergenceOfLogs, logSoftmax } from './support/float64.js';

const names = { student: 'block2', teacher: 'block4' };
const shapes = (student: readonly number[], teacher: readonly number[]) => ({ student: { block2: student }, teacher: { block4: teacher } });
const over = fc.constantFrom('positions', 'channels');
const temperature = fc.constantFrom(0.5, 1, 4);

describe('laws', () => {
  test('channel-wise keeps the laws of a loss for maps of one size', () => {
    checkLoss(channelWise, {
      options: fc.record({ student: fc.constant('block2'), teacher: fc.constant('block4'), over, temperature }),
      taps: shapes([2, 2, 2], [2, 2, 2]),
      zeroWhenEqual: true,
      runs: 8,
    });
  });
  test.each([
    ['a wider teacher, through a learned map', [2, 2], [2, 3]],
    ['maps of another size', [2, 2, 2], [4, 2, 2]],
  ])('channel-wise keeps the laws of a loss with %s', (_, student, teacher) => {
    checkLoss(channelWise, { options: fc.constant({ ...names, temperature: 2 }), taps: shapes(student, teacher), runs: 6 });
  });
});

/** Two positions of three channels, of one sample. */
const [ofStudent, ofTeacher] = [
  [
    [1, 0, 2],
    [-1, 3, 0.5],
  ],
  [
    [0, 2, 1],
    [1, -2, 0],
  ],
] as const; // prettier-ignore
const inputs = (): LossInputs => ({
  student: tf.zeros([1, 3]),
  taps: {
    student: { block2: tf.tensor3d([ofStudent as never]) },
    teacher: { block4: tf.tensor3d([ofTeacher as never]) },
  },
});
const channel = (map: readonly (readonly number[])[], c: number): number[] => map.map((position) => position[c] as number);

test.each([1, 4])('channel-wise is the mean divergence of rows times T², at temperature %d', (temperature) => {
  tf.tidy(() => {
    const kl = (t: readonly number[], s: readonly number[]): number =>
      divergenceOfLogs(logSoftmax(t, temperature), logSoftmax(s, temperature));
    const perChannel = [0, 1, 2].map((c) => kl(channel(ofTeacher, c), channel(ofStudent, c)));
    const perPosition = [0, 1].map((i) => kl(ofTeacher[i] as readonly number[], ofStudent[i] as readonly number[]));
    const mean = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;
    const value = (over: 'positions' | 'channels'): number =>
      channelWise({ ...names, over, temperature })(inputs()).dataSync()[0] as number;
    expect(value('positions')).toBeCloseTo(temperature ** 2 * mean(perChannel), 5);
    expect(value('channels')).toBeCloseTo(temperature ** 2 * mean(perPosition), 5);
  });
});

test('each channel-wise loss follows a temperature of its own', () => {
  const loss = channelWise({ ...names, temperature: ({ step, total }) => 8 - (7 * step) / (total - 1) });
  expect([0, 7].map((step) => loss.scalars?.({ step, total: 8 })['temperature'])).toEqual([8, 1]);
  expect(() => channelWise({ ...names, temperature: -1 })).toThrow('temperature');
  tf.tidy(() => {
    const at = (T: number): number => loss({ ...inputs(), scalars: { temperature: tf.scalar(T) } }).dataSync()[0] as number;
    expect(at(8)).toBeCloseTo(channelWise({ ...names, temperature: 8 })(inputs()).dataSync()[0] as number, 6);
  });
});
