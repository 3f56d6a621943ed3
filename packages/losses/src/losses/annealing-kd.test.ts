import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss } from '@temper/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { annealingKd } from './annealing-kd.js';
import { mse } from './mse.js';

const x = () => ({ student: tf.tensor2d([[0, 1, 5]]), teacher: tf.tensor2d([[1, 2, -3]]) });

test('annealing-kd keeps the laws of a loss', () => {
  checkLoss(annealingKd, { options: fc.oneof(fc.record({ maxTemperature: fc.constantFrom(4, 10) }), fc.constant({})) });
});

test('annealing-kd at temperature 1 is mse', () => {
  tf.tidy(() => {
    expect(annealingKd({ maxTemperature: 7 })({ ...x(), temperature: 1 }).arraySync()).toEqual(mse()(x()).arraySync());
  });
});

test('the highest temperature of annealing-kd may be that of the first update', () => {
  tf.tidy(() => {
    const named = annealingKd({ maxTemperature: 8 })({ ...x(), temperature: 3 }).arraySync();
    expect(annealingKd()({ ...x(), temperature: 3, initialTemperature: 8 }).arraySync()).toEqual(named);
    expect(() => annealingKd()({ ...x(), temperature: 3 })).toThrow('needs maxTemperature');
  });
});
