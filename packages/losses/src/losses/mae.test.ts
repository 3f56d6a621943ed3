import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss } from '@temper/testing';
import { expect, test } from 'vitest';
import { mae } from './mae.js';

test('mae keeps the laws of a loss', () => {
  checkLoss(mae, { zeroWhenEqual: true });
});

test('mae is the mean distance of the logits', () => {
  tf.tidy(() => {
    expect(
      mae()({
        student: tf.tensor2d([
          [0, 1, 5],
          [1, 1, 1],
        ]),
        teacher: tf.tensor2d([
          [1, 2, -3],
          [1, 4, 1],
        ]),
      }).arraySync(),
    ).toEqual([expect.closeTo(10 / 3, 5), 1]);
  });
});
