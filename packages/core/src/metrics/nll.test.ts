import '@tensorflow/tfjs-node';
import { expect, test } from 'vitest';
import { nll } from './nll.js';
import { measureOne, three } from './fixtures.js';

test('nll is the mean of −log p(label)', async () => {
  expect(await measureOne(nll(), three)).toBeCloseTo((2 * Math.log(2) + Math.log(6)) / 3, 6);
});
