import '@tensorflow/tfjs-node';
import { expect, test } from 'vitest';
import { ece } from './ece.js';
import { measureOne, three } from './fixtures.js';

test('ece weighs the gaps of its bins by their samples', async () => {
  // Two samples with confidence 1/2, both right; one with confidence 2/3, wrong.
  expect(await measureOne(ece(), three)).toBeCloseTo((2 * 0.5 + 2 / 3) / 3, 6);
});

test('ece with one bin is the distance of mean confidence and accuracy', async () => {
  expect(await measureOne(ece({ bins: 1 }), three)).toBeCloseTo(Math.abs(2 / 3 - (0.5 + 0.5 + 2 / 3) / 3), 6);
});

test('ece refuses a number of bins that is not a positive integer', () => {
  expect(() => ece({ bins: 0 })).toThrow('ece.bins: must be a finite number at least 1, got 0');
});
