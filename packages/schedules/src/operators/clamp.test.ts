import type { Progress, Schedule } from '@temper/core';
import { expect, test } from 'vitest';
import { linear } from '../curves/linear.js';
import { clamp } from './clamp.js';

const down = linear({ from: 20, to: 1 });
const at = (step: number, total = 20): Progress => ({ step, total, stepsPerEpoch: 5 });
const values = (schedule: Schedule, total = 20): number[] => Array.from({ length: total }, (_, step) => schedule(at(step, total)));

test('clamp applies one bound or both, and refuses none and crossed bounds', () => {
  expect(values(clamp({ of: down, min: 5, max: 15 }))).toEqual(values(down).map((value) => Math.min(15, Math.max(5, value))));
  expect(values(clamp({ of: down, max: 15 }))).toEqual(values(down).map((value) => Math.min(15, value)));
  expect(() => clamp({ of: down })).toThrow('must have min, max or both');
  expect(() => clamp({ of: down, min: 5, max: 4 })).toThrow('clamp.min: must not be above max');
});
