import '@tensorflow/tfjs-node';
import { expect, test } from 'vitest';
import { teacherKl } from './kl.js';
import { measureOne, three } from './fixtures.js';

test('kl is the mean divergence from the teacher', async () => {
  const one = 0.5 * Math.log(2) + 0.25 * Math.log(0.5);
  expect(await measureOne(teacherKl(), three)).toBeCloseTo(one / 3, 6);
});

test('kl of equal logits is exactly 0', async () => {
  expect(await measureOne(teacherKl(), { ...three, teacher: three.student })).toBe(0);
});
