import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss } from '@temper/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLong } from '../../../../fixtures/long.js';
import { kl } from './kl.js';
import { multiLevelLogits } from './multi-level-logits.js';

const weight = fc.constantFrom(0, 0.5, 1);

test('multi-level-logits keeps the laws of a loss', () => {
  checkLoss(multiLevelLogits, {
    options: fc.record({ temperatures: fc.constantFrom([1], [2, 4]), instance: weight, batch: weight, class: weight }),
    zeroWhenEqual: true,
    shiftInvariant: true,
    runs: isLong ? 25 : 10,
  });
});

const logits = (seed: number): tf.Tensor => tf.randomNormal([6, 5], 0, 2, 'float32', seed);

test('the part of single samples is the sum of kl over the temperatures', () => {
  tf.tidy(() => {
    const [student, teacher] = [logits(1), logits(2)];
    const value = multiLevelLogits({ temperatures: [2, 3], batch: 0, class: 0 })({ student, teacher }).dataSync()[0] as number;
    const each = [2, 3].map((temperature) => tf.mean(kl()({ student, teacher, temperature })).dataSync()[0] as number);
    expect(value / ((each[0] as number) + (each[1] as number))).toBeCloseTo(1, 6);
  });
});

test('each temperature can be a schedule', () => {
  const loss = multiLevelLogits({ temperatures: [({ step, total }) => 1 + step / total, 4] });
  const numbers = loss.scalars?.({ step: 5, total: 10 }) ?? {};
  expect(numbers).toEqual({ temperature_1: 1.5, temperature_2: 4 });
  tf.tidy(() => {
    const [student, teacher] = [logits(1), logits(2)];
    const scalars = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, tf.scalar(value)]));
    const fixed = multiLevelLogits({ temperatures: [1.5, 4] })({ student, teacher });
    expect(loss({ student, teacher, scalars }).dataSync()[0]).toBe(fixed.dataSync()[0]);
  });
  expect(() => multiLevelLogits({ temperatures: [4, 0] })).toThrow('temperatures[1]: must be a finite number at least 0.05');
});

test('masked samples have no influence', () => {
  tf.tidy(() => {
    const [student, teacher] = [logits(1), logits(2)];
    const want = multiLevelLogits()({ student: tf.slice(student, 0, 4), teacher: tf.slice(teacher, 0, 4) }).dataSync()[0] as number;
    const got = multiLevelLogits()({ student, teacher, mask: tf.tensor1d([1, 1, 1, 1, 0, 0]) }).dataSync()[0] as number;
    expect(got / want).toBeCloseTo(1, 5);
  });
});
