import type { Progress, Schedule } from '@temper/core';
import { expect, test } from 'vitest';
import { polynomial } from '../curves/polynomial.js';
import { reverse } from './reverse.js';

const at = (step: number, total = 20): Progress => ({ step, total, stepsPerEpoch: 5 });
const values = (schedule: Schedule, total = 20): number[] => Array.from({ length: total }, (_, step) => schedule(at(step, total)));

test('reverse reverses a schedule, and reversing twice restores it', () => {
  const curve = polynomial({ from: 20, to: 1, power: 3 });
  expect(values(reverse(curve))).toEqual(values(curve).toReversed());
  expect(values(reverse(reverse(curve)))).toEqual(values(curve));
  expect(reverse(curve)(at(0, 1))).toBe(20);
});
