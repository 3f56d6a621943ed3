import * as tf from '@tensorflow/tfjs-node';
import { expect, test } from 'vitest';
import { meanOverCounted } from './counted.js';
import { expectNoLeakedTensors } from '@temper/testing';

const mean = (values: tf.TensorLike, mask?: tf.TensorLike): number =>
  tf.tidy(() => meanOverCounted(tf.tensor(values), mask === undefined ? undefined : tf.tensor(mask)).dataSync()[0] as number);

test.each<[string, tf.TensorLike, tf.TensorLike | undefined, number]>([
  ['all values where there is no mask', [1, 2, 6], undefined, 3],
  ['counted values alone', [1, 2, 6], [1, 1, 0], 1.5],
  [
    'counted positions of sequences',
    [
      [1, 2],
      [3, 60],
    ],
    [
      [1, 1],
      [1, 0],
    ],
    2,
  ],
  [
    'values of samples of which any position counts',
    [1, 2, 6],
    [
      [1, 0],
      [0, 1],
      [0, 0],
    ],
    1.5,
  ],
  ['values with further dimensions', [[[1, 3]], [[7, 9]]], [[0], [1]], 8],
  [
    'one value for each sample, by its positions',
    [[1], [4]],
    [
      [1, 1],
      [1, 0],
    ],
    2,
  ],
  ['a scalar, as it is', 5, [0, 0], 5],
  ['nothing, as 0', [1, 2], [0, 0], 0],
])('a mean over counted positions averages %s', async (_, values, mask, want) => {
  await expectNoLeakedTensors(() => expect(mean(values, mask)).toBeCloseTo(want, 6));
});

test('a mean over counted positions accepts a mask of booleans', () => {
  expect(tf.tidy(() => meanOverCounted(tf.tensor1d([1, 5]), tf.tensor1d([true, false], 'bool')).dataSync()[0])).toBe(1);
});
