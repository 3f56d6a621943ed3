import { test } from '@fast-check/vitest';
import fc from 'fast-check';
import { expect } from 'vitest';
import { sigmoid } from './sigmoid.js';

test('sigmoid is slow at both ends and steepest at its center', () => {
  const value = sigmoid({ from: 0, to: 1, center: 0.25, steepness: 40 });
  const steps = Array.from({ length: 100 }, (_, step) => value({ step: step + 1, total: 101 }) - value({ step, total: 101 }));
  expect(steps.indexOf(Math.max(...steps))).toBeGreaterThanOrEqual(23);
  expect(steps.indexOf(Math.max(...steps))).toBeLessThanOrEqual(26);
  expect(steps[0]).toBeLessThan(0.001);
});

test('sigmoid with a small steepness is nearly linear', () => {
  expect(sigmoid({ from: 20, to: 1, steepness: 0.001 })({ step: 30, total: 101 })).toBeCloseTo(20 - 19 * 0.3, 4);
});

test.prop([
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 1e-6, max: 1000, noNaN: true }),
  fc.integer({ min: 2, max: 1000 }),
])('sigmoid stays in the range of its ends', (center, steepness, total) => {
  const value = sigmoid({ from: 0, to: 1, center, steepness });
  for (let step = 0; step < total; step += Math.ceil(total / 20)) {
    expect(value({ step, total })).toBeGreaterThanOrEqual(-1e-9);
    expect(value({ step, total })).toBeLessThanOrEqual(1 + 1e-9);
  }
});
