import '@tensorflow/tfjs-node';
import { expect, test } from 'vitest';
import { topK } from './top-k.js';
import { measureOne, three } from './fixtures.js';

test('top-k is named after k and counts labels among the k most likely classes', async () => {
  const student = [
    [3, 2, 1],
    [3, 2, 1],
    [3, 2, 1],
  ];
  expect(topK({ k: 2 }).name).toBe('top2');
  expect(await measureOne(topK({ k: 2 }), { student, labels: [0, 1, 2] })).toBeCloseTo(2 / 3, 6);
});

test('top-k refuses a k above the number of classes with its path', async () => {
  await expect(measureOne(topK({ k: 4 }), three)).rejects.toThrow('metrics[0].k: must be at most the number of classes, 3, got 4');
});
