import type { Progress, Schedule } from '@temper/core';
import { expect, test } from 'vitest';
import { linear } from '../curves/linear.js';
import { quantise } from './quantise.js';

const down = linear({ from: 20, to: 1 });
const at = (step: number, total = 20): Progress => ({ step, total, stepsPerEpoch: 5 });
const values = (schedule: Schedule, total = 20): number[] => Array.from({ length: total }, (_, step) => schedule(at(step, total)));

test('quantise has a new value every epoch with exact first and last values', () => {
  const perEpoch = values(quantise({ of: down, every: { epochs: 1 } }));
  expect(new Set(perEpoch).size).toBe(4);
  expect([perEpoch[0], perEpoch[4], perEpoch[15], perEpoch[19]]).toEqual([20, 20, 1, 1]);
});

test('quantise has the requested number of levels of equal length', () => {
  expect(values(quantise({ of: linear({ from: 3, to: 1 }), levels: 3 }), 9)).toEqual([3, 3, 3, 2, 2, 2, 1, 1, 1]);
  expect(values(quantise({ of: down, levels: 1 }))).toEqual(new Array(20).fill(1));
});

test('quantise refuses both of its options, and neither', () => {
  expect(() => quantise({ of: down })).toThrow('must have either every (the length of a block) or levels (their number)');
  expect(() => quantise({ of: down, levels: 2, every: { steps: 3 } })).toThrow('must have either every');
});
