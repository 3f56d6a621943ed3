import '@tensorflow/tfjs-node';
import { expect, test } from 'vitest';
import { brier } from './brier.js';
import { measureOne, three } from './fixtures.js';

test('brier sums squared differences over the classes', async () => {
  const sure = 0.5 ** 2 + 2 * 0.25 ** 2;
  const wrong = (5 / 6) ** 2 + (1 / 6) ** 2 + (4 / 6) ** 2;
  expect(await measureOne(brier(), three)).toBeCloseTo((2 * sure + wrong) / 3, 6);
});

test('brier of a certain prediction is 0 when it is right and 2 when it is wrong', async () => {
  const student = [[1000, 0]];
  expect(await measureOne(brier(), { student, labels: [0] })).toBe(0);
  expect(await measureOne(brier(), { student, labels: [1] })).toBe(2);
});
