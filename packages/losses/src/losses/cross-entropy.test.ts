import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss } from '@temper/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crossEntropy } from './cross-entropy.js';

test('cross-entropy keeps the laws of a loss', () => {
  checkLoss(crossEntropy, { options: fc.record({ labelSmoothing: fc.double({ min: 0, max: 1, noNaN: true }) }), shiftInvariant: true });
});

test('label smoothing spreads its share over all classes including the label', () => {
  tf.tidy(() => {
    const student = tf.tensor2d([[2, 0, -1]]);
    const labels = tf.tensor1d([0], 'int32');
    const losses = [0, 1, 2].map((label) => crossEntropy()({ student, labels: tf.tensor1d([label], 'int32') }).dataSync()[0] as number);
    const want = 0.7 * (losses[0] as number) + 0.1 * losses.reduce((sum, loss) => sum + loss, 0);
    expect(crossEntropy({ labelSmoothing: 0.3 })({ student, labels }).dataSync()[0]).toBeCloseTo(want, 5);
  });
});

test.each([0, 0.1])('a label outside of the classes has no value or gradient (smoothing %d)', (labelSmoothing) => {
  tf.tidy(() => {
    const student = tf.tensor2d([
      [2, 0, -1],
      [1, 1, 1],
      [0, 0, 5],
    ]);
    const labels = tf.tensor1d([0, -100, 3], 'int32');
    const loss = crossEntropy({ labelSmoothing });
    expect(Array.from(loss({ student, labels }).dataSync()).map((value) => value > 0)).toEqual([true, false, false]);
    const gradient = tf
      .grad((z) => loss({ student: z, labels }))(student)
      .arraySync() as number[][];
    expect(
      gradient
        .slice(1)
        .flat()
        .every((value) => value === 0),
    ).toBe(true);
  });
});

test('cross-entropy accepts labels of any number type', () => {
  tf.tidy(() => {
    const student = tf.tensor2d([[2, 0, -1]]);
    const [integers, floats] = [tf.tensor1d([1], 'int32'), tf.tensor1d([1], 'float32')].map((labels) =>
      crossEntropy()({ student, labels }).arraySync(),
    );
    expect(floats).toEqual(integers);
  });
});
