import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss } from '@temper/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLong } from '../../../../fixtures/long.js';
import { dkd } from './dkd.js';
import { coinDivergence } from './support/float64.js';
import { kl } from './kl.js';
import { scales } from './support/scale.js';

const weight = fc.double({ min: 0, max: 8, noNaN: true });
const x = () => ({
  student: tf.tensor2d([
    [0, 1, 5],
    [1, 0, 0],
  ]),
  teacher: tf.tensor2d([
    [1, 2, -3],
    [0, 4, 1],
  ]),
  labels: tf.tensor1d([1, 2], 'int32'),
});

test('dkd keeps the laws of a loss', () => {
  checkLoss(dkd, {
    options: fc.record({ alpha: weight, beta: weight, scale: fc.constantFrom(...scales) }),
    zeroWhenEqual: true,
    shiftInvariant: true,
    runs: isLong ? 25 : 10,
  });
});

test('the parts of dkd add up to kl: TCKD + (1 − p_label)·NCKD', () => {
  tf.tidy(() => {
    const [target, others] = [dkd({ alpha: 1, beta: 0 }), dkd({ alpha: 0, beta: 1 })].map(
      (loss) => loss({ ...x(), temperature: 2 }).arraySync() as number[],
    ) as [number[], number[]];
    const probabilities = tf.softmax(tf.div(x().teacher, 2)).arraySync() as number[][];
    const labels = [1, 2];
    const want = kl()({ ...x(), temperature: 2 }).arraySync() as number[];
    want.forEach((value, i) => {
      const label = (probabilities[i] as number[])[labels[i] as number] as number;
      expect((target[i] as number) + (1 - label) * (others[i] as number)).toBeCloseTo(value, 4);
    });
  });
});

test('the warm-up of dkd is a schedule that the loop passes as scalars', () => {
  tf.tidy(() => {
    const loss = dkd({ warmup: ({ step, total }) => step / total });
    expect(loss.scalars?.({ step: 25, total: 100 })).toEqual({ warmup: 0.25 });
    const full = dkd()({ ...x(), temperature: 4 }).arraySync() as number[];
    const quarter = loss({ ...x(), temperature: 4, scalars: { warmup: tf.scalar(0.25) } }).arraySync() as number[];
    expect(quarter).toEqual(full.map((value) => expect.closeTo(value / 4, 5) as number));
    expect(dkd({ warmup: 1 })({ ...x(), temperature: 4 }).arraySync(), 'a constant needs no scalars').toEqual(full);
    expect(() => loss({ ...x(), temperature: 4 })).toThrow('warmup changes during training, and its value at this step is missing');
  });
});

test('a warm-up below 0 is refused when the loss is created', () => {
  expect(() => dkd({ warmup: -1 })).toThrow('warmup: must be a finite number at least 0 at every step, got -1');
});

test('a label outside of the classes has no value or gradient', () => {
  tf.tidy(() => {
    const labels = tf.tensor1d([1, -100], 'int32');
    expect((dkd()({ ...x(), labels, temperature: 4 }).arraySync() as number[])[1]).toBe(0);
    const gradient = tf
      .grad((student) => dkd()({ ...x(), student, labels, temperature: 4 }))(x().student)
      .arraySync() as number[][];
    expect(gradient[1]).toEqual([0, 0, 0]);
  });
});

test.each([1, 20, 1000])('dkd stays accurate for a student near its teacher at temperature %d', (temperature) => {
  tf.tidy(() => {
    const x = [1.7, 0.3, -1.1, 0.9, -0.4].map(Math.fround);
    const y = x.map((one, i) => Math.fround(one + 0.01 * Math.sin(7.3 * i + 1)));
    const got = dkd({ alpha: 1, beta: 0, scale: 'none' })({
      student: tf.tensor2d([y]),
      teacher: tf.tensor2d([x]),
      labels: tf.tensor1d([0], 'int32'),
      temperature,
    }).dataSync()[0] as number;
    expect(got / coinDivergence(x, y, temperature)).toBeCloseTo(1, 5);
  });
});
