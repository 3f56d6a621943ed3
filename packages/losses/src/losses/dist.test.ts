import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss } from '@temper/core/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dist } from './dist.js';
import { scales } from './support/scale.js';

const weight = fc.double({ min: 0, max: 4, noNaN: true });

// That a constant changes nothing is not claimed: a column that hardly varies over the batch turns the rounding of shifted
// logits into a visible change of its correlation.
test('keeps the laws of a loss', () => {
  checkLoss(dist, { options: fc.record({ beta: weight, gamma: weight, scale: fc.constantFrom(...scales) }) });
});

test('is as good as 0 for identical logits', () => {
  tf.tidy(() => {
    const logits = tf.tensor2d([
      [0, 1, 5],
      [1, 0, 0],
      [2, 2, 1],
    ]);
    expect(dist()({ student: logits, teacher: logits, temperature: 1 }).dataSync()[0]).toBeCloseTo(0, 5);
  });
});

test('a batch of which nothing counts has the loss 0 in its rows, and no NaN', () => {
  tf.tidy(() => {
    const logits = tf.tensor2d([
      [0, 1, 5],
      [1, 0, 0],
    ]);
    const mask = tf.tensor1d([0, 0]);
    const gradient = tf.grad((student) => dist({ gamma: 0 })({ student, teacher: logits, mask, temperature: 1 }))(logits);
    expect(gradient.dataSync().every((value) => value === 0)).toBe(true);
    expect(dist({ gamma: 0 })({ student: logits, teacher: logits, mask, temperature: 1 }).dataSync()[0]).toBe(0);
  });
});
