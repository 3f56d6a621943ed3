import '@tensorflow/tfjs-node';
import { expect, test } from 'vitest';
import { accuracy } from './accuracy.js';
import { measureOne, three } from './fixtures.js';

test('accuracy is the share of samples whose most likely class is the label', async () => {
  expect(await measureOne(accuracy(), three)).toBeCloseTo(2 / 3, 6);
});

test('accuracy uses the first of equal logits', async () => {
  expect(
    await measureOne(accuracy(), {
      student: [
        [1, 1],
        [1, 1],
      ],
      labels: [0, 1],
    }),
  ).toBe(0.5);
});
