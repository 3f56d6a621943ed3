import type { Progress, Schedule } from '@temper/core';
import { expect, test } from 'vitest';
import { linear } from '../curves/linear.js';
import { warmUp } from './warm-up.js';

const down = linear({ from: 20, to: 1 });
const at = (step: number, total = 20): Progress => ({ step, total, stepsPerEpoch: 5 });
const values = (schedule: Schedule, total = 20): number[] => Array.from({ length: total }, (_, step) => schedule(at(step, total)));

test('warm-up leads from a number to its schedule, which keeps its own progress', () => {
  const warm = values(warmUp({ of: down, from: 0, over: { steps: 4 } }));
  expect(warm.slice(0, 4)).toEqual([0, 1, 2, 3].map((step) => (down(at(step)) * step) / 4));
  expect(warm.slice(4)).toEqual(values(down).slice(4));
});

test('warm-up without a length is its schedule', () => {
  expect(values(warmUp({ of: down, from: 0, over: { steps: 0 } }))).toEqual(values(down));
});
