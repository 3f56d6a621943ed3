import { expect, test } from 'vitest';
import { exponential } from './exponential.js';

test('exponential multiplies by the same factor at every update', () => {
  const value = exponential({ from: 16, to: 1 });
  const values = Array.from({ length: 5 }, (_, step) => value({ step, total: 5 }));
  [16, 8, 4, 2, 1].forEach((want, i) => expect(values[i]).toBeCloseTo(want, 12));
});

test('exponential leads from any float32 number to any other', () => {
  expect(exponential({ from: 1e-37, to: 3e38 })({ step: 1, total: 3 })).toBeCloseTo(Math.sqrt(30), 9);
});

test.each([0, -3, Number.NaN, Infinity])('exponential refuses %s, which no factor reaches', (to) => {
  expect(() => exponential({ from: 16, to })).toThrow(/exponential\.to: must be a finite number/);
});
