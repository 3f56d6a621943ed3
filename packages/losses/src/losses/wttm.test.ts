import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss } from '@temper/testing';
import { expect, test } from 'vitest';
import { ttm } from './ttm.js';
import { wttm } from './wttm.js';

test('wttm keeps the laws of a loss', () => {
  checkLoss(wttm, { shiftInvariant: true });
});

test("wttm weighs ttm by the sum of powers of the teacher's probabilities", () => {
  tf.tidy(() => {
    const x = {
      student: tf.tensor2d([
        [0, 1, 5],
        [1, 0, 0],
      ]),
      teacher: tf.tensor2d([
        [1, 2, -3],
        [0, 0, 0],
      ]),
      temperature: 4,
    };
    const weights = tf.sum(tf.pow(tf.softmax(x.teacher), 1 / 4), -1).arraySync() as number[];
    const values = ttm()(x).arraySync() as number[];
    (wttm()(x).arraySync() as number[]).forEach((value, i) => {
      expect(value).toBeCloseTo((weights[i] as number) * (values[i] as number), 4);
    });
  });
});
