import type { Progress, Schedule } from '@temper/core';
import { expect, test } from 'vitest';
import { linear } from '../curves/linear.js';
import { repeat } from './repeat.js';

const at = (step: number, total = 20): Progress => ({ step, total, stepsPerEpoch: 5 });
const values = (schedule: Schedule, total = 20): number[] => Array.from({ length: total }, (_, step) => schedule(at(step, total)));

test('repeat restarts its schedule at even intervals', () => {
  expect(values(repeat({ of: linear({ from: 3, to: 1 }), times: 2 }), 6)).toEqual([3, 2, 1, 3, 2, 1]);
  expect(values(repeat({ of: linear({ from: 3, to: 1 }), times: 2 }), 5)).toEqual([3, 2, 1, 3, 1]);
  expect(values(repeat({ of: linear({ from: 3, to: 1 }), times: 9 }), 2)).toEqual([1, 1]);
});
