import { expect, test } from 'vitest';
import { exponential } from './exponential.js';

test('goes down by the same factor at every update', () => {
  const value = exponential({ from: 16, to: 1 });
  const values = Array.from({ length: 5 }, (_, step) => value({ step, total: 5 }));
  [16, 8, 4, 2, 1].forEach((want, i) => expect(values[i]).toBeCloseTo(want, 12));
});

test('bridges any two numbers that float32 can hold', () => {
  expect(exponential({ from: 1e-37, to: 3e38 })({ step: 1, total: 3 })).toBeCloseTo(Math.sqrt(30), 9);
});

test.each([0, -3, Number.NaN, Infinity])('refuses %s, which no factor leads to', (to) => {
  expect(() => exponential({ from: 16, to })).toThrow(/exponential\.to: must be a finite number/);
});
