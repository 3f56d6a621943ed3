import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss } from '@temper/core/testing';
import { expect, test } from 'vitest';
import { cosine } from './cosine.js';

test('keeps the laws of a loss', () => {
  checkLoss(cosine, { zeroWhenEqual: true });
});

test('is 0 for one direction, 1 for a right angle and for nothing, 2 for the opposite', () => {
  tf.tidy(() => {
    const student = tf.tensor2d([
      [3, 4],
      [3, 4],
      [3, 4],
      [0, 0],
    ]);
    const teacher = tf.tensor2d([
      [6, 8],
      [-4, 3],
      [-3, -4],
      [3, 4],
    ]);
    const values = cosine()({ student, teacher }).arraySync();
    expect(values).toEqual([0, 1, 2, 1].map((value) => expect.closeTo(value, 6) as number));
  });
});

test('logits of 0 have a finite gradient', () => {
  tf.tidy(() => {
    const gradient = tf.grad((student) => cosine()({ student, teacher: tf.tensor2d([[3, 4]]) }))(tf.tensor2d([[0, 0]]));
    expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
  });
});
