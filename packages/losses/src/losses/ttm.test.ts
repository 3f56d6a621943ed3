import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { checkLoss } from '@temper/testing';
import { expect, test } from 'vitest';
import { kl } from './kl.js';
import { ttm } from './ttm.js';

test('ttm keeps the laws of a loss', () => {
  checkLoss(ttm, { shiftInvariant: true });
});

test('ttm is kl with the temperature on the teacher alone', () => {
  tf.tidy(() => {
    const x = { student: tf.tensor2d([[0, 1, 5]]), teacher: tf.tensor2d([[1, 2, -3]]) };
    const oneSided = kl({ scale: 'none' })({ ...x, temperature: { student: tf.scalar(1), teacher: tf.scalar(4) } }).arraySync();
    expect(ttm()({ ...x, temperature: 4 }).arraySync()).toEqual(oneSided);
  });
});
