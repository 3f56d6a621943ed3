import '@tensorflow/tfjs-node';
import { expect, test } from 'vitest';
import { agreement } from './agreement.js';
import { measureOne, three } from './fixtures.js';

test('agreement is the share of samples with the most likely class of the teacher', async () => {
  expect(await measureOne(agreement(), three)).toBeCloseTo(2 / 3, 6);
});
