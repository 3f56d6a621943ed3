import { checkSchedule } from '@temper/testing';
import { expect, test } from 'vitest';
import { halving } from './halving.ts';

test('keeps the laws of every schedule', () => {
  checkSchedule(halving);
});

test('halves the distance four times', () => {
  const temperature = halving({ from: 17, to: 1 });
  expect([0, 24, 25, 50, 75, 99].map((step) => temperature({ step, total: 100 }))).toEqual([17, 17, 9, 5, 3, 1]);
});
