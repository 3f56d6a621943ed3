import type { Progress, Schedule } from '@temper/core';
import { expect, test } from 'vitest';
import { hold } from './hold.js';
import { jitter } from './jitter.js';
import { repeat } from './repeat.js';

const at = (step: number, total = 20): Progress => ({ step, total, stepsPerEpoch: 5 });
const values = (schedule: Schedule, total = 20): number[] => Array.from({ length: total }, (_, step) => schedule(at(step, total)));

const noisy = jitter({ of: hold(4), amount: 0.1, seed: 7 });
const drawn = values(noisy, 2000);

test('jitter stays within its amount and is uniform without a trend', () => {
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(3.6);
  expect(Math.max(...drawn)).toBeLessThan(4.4);
  expect(new Set(drawn).size).toBeGreaterThan(1990);
  const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b) / list.length;
  expect(mean(drawn)).toBeCloseTo(4, 1);
  expect(Math.abs(mean(drawn.slice(1).map((value, i) => (value - 4) * ((drawn[i] as number) - 4))))).toBeLessThan(0.002);
  expect(mean(drawn.map((value) => (value - 4) ** 2))).toBeCloseTo((0.4 * 0.4) / 3, 2);
});

test('jitter depends on seed and step alone and differs between seeds', () => {
  expect(values(jitter({ of: hold(4), amount: 0.1, seed: 7 }), 2000)).toEqual(drawn);
  expect(noisy({ step: 42, total: 1e9 })).toBe(drawn[42]);
  expect(jitter({ of: hold(4), amount: 0.1, seed: 8 })(at(42))).not.toBe(drawn[42]);
});

test('jitter differs between the stages of a run', () => {
  const parts = values(repeat({ of: noisy, times: 2 }), 200);
  expect(parts.slice(0, 100)).not.toEqual(parts.slice(100));
});

test('jitter refuses an amount that reaches 0', () => {
  expect(() => jitter({ of: hold(4), amount: 1 })).toThrow('jitter.amount: must be a finite number below 1, got 1');
});
