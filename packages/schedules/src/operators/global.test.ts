import type { Progress } from '@temper/core';
import { expect, test } from 'vitest';
import { linear } from '../curves/linear.js';
import { global } from './global.js';
import { hold } from './hold.js';
import { repeat } from './repeat.js';
import { reverse } from './reverse.js';
import { sequence } from './sequence.js';

const down = linear({ from: 20, to: 1 });
const at = (step: number, total = 20): Progress => ({ step, total, stepsPerEpoch: 5 });

const run = (step: number, total: number, before: number, runTotal: number): Progress => ({
  step,
  total,
  run: { step: before + step, total: runTotal },
});

test('global uses the progress of the run in a stage, else the given progress', () => {
  expect(global(down)(run(0, 10, 10, 20))).toBe(down(at(10)));
  expect(global(down)(at(3))).toBe(down(at(3)));
});

test('global uses the progress of the run inside of parts as well', () => {
  const parts = sequence([hold(1), reverse(repeat({ of: global(down), times: 2 }))]);
  for (const step of [10, 13, 19]) expect(parts(at(step))).toBe(down(at(step)));
  expect(parts(run(6, 10, 10, 20))).toBe(down(at(16)));
});
