import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss } from '@temper/core/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { consistency } from './consistency.js';
import { scales } from './support/scale.js';

test('keeps the laws of a loss', () => {
  const options = fc.record({ threshold: fc.double({ min: 0, max: 1, noNaN: true }), scale: fc.constantFrom(...scales) });
  checkLoss(consistency, { options, zeroWhenEqual: true, shiftInvariant: true });
});

test('counts samples on which the teacher is sure enough, whatever their labels', () => {
  tf.tidy(() => {
    const x = {
      student: tf.tensor2d([
        [0, 1],
        [0, 1],
      ]),
      teacher: tf.tensor2d([
        [3, 0],
        [0.5, 0],
      ]),
      labels: tf.tensor1d([-100, 1], 'int32'),
    };
    const [all, sure] = [consistency(), consistency({ threshold: 0.8 })].map((loss) => loss(x).arraySync() as number[]) as [number[], number[]];
    expect(sure).toEqual([all[0], 0]);
    const difference = 1 / (1 + Math.exp(-3)) - 1 / (1 + Math.exp(1));
    expect(all[0]).toBeCloseTo(difference ** 2, 6);
  });
});
