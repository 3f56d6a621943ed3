import * as tf from '@tensorflow/tfjs-node';
import { expect, test } from 'vitest';
import { countedAt, countedOf, countsOf, isCounting, sharesOf, type Counted } from './counting.js';

const counted = async (labels: tf.TensorLike, mask?: tf.TensorLike): Promise<Counted> => {
  const tensors = {
    inputs: tf.scalar(0),
    labels: tf.tensor(labels, undefined, 'int32'),
    ...(mask === undefined ? {} : { mask: tf.tensor(mask) }),
  };
  try {
    return await countedOf(tensors);
  } finally {
    tf.dispose({ ...tensors });
  }
};
const flags = async (labels: tf.TensorLike, mask?: tf.TensorLike): Promise<number[] | undefined> => {
  const { flags: found } = await counted(labels, mask);
  return found === undefined ? undefined : [...found];
};

test('a position counts when its mask is 1 and its label is not −100', async () => {
  expect(await flags([0, 1, 2])).toBeUndefined();
  expect(await flags([0, -100, 2])).toEqual([1, 0, 1]);
  expect(await flags([0, -1, 2])).toBeUndefined();
  expect(
    await flags(
      [
        [0, 1],
        [-100, 2],
      ],
      [
        [0, 1],
        [1, 1],
      ],
    ),
  ).toEqual([0, 1, 0, 1]);
  expect(await flags([0, 1], [1, 1])).toEqual([1, 1]);
});

test('a mask of another shape or with fractions is refused', async () => {
  await expect(counted([0, 1], [[1, 1]])).rejects.toThrow('the mask of a batch must have the shape of the labels, [2], got [1, 2]');
  await expect(counted([0, 1], [1, 0.5])).rejects.toThrow('must be 1 for counted positions and 0 for the others, got 0.5');
});

test('samples and positions are counted', async () => {
  const found = await counted([
    [0, 1, 2],
    [-100, -100, -100],
    [-100, 1, -100],
  ]);
  expect(countsOf(found)).toEqual([2, 4]);
  expect(countsOf(countedAt(found, Int32Array.of(2, 1)))).toEqual([1, 1]);
  expect(isCounting(countedAt(found, Int32Array.of(1)))).toBe(false);
  expect(
    countsOf(
      await counted([
        [0, 1, 2],
        [0, 1, 2],
      ]),
    ),
  ).toEqual([2, 6]);
});

test('micro-batches have shares of the counted samples', async () => {
  const parts = [
    await counted([
      [0, 1, 2],
      [0, 1, 2],
    ]),
    await counted([
      [1, -100, -100],
      [2, -100, -100],
    ]),
  ];
  expect(sharesOf(parts)).toEqual([
    { 'share.1': 0.5, 'share.2': 0.75 },
    { 'share.1': 0.5, 'share.2': 0.25 },
  ]);
});
