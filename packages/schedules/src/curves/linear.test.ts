import { test } from '@fast-check/vitest';
import fc from 'fast-check';
import { expect } from 'vitest';
import { linear } from './linear.js';

const finite = fc.double({ min: -3.4e38, max: 3.4e38, noNaN: true }).map((x) => x + 0);
const total = fc.integer({ min: 1, max: 1e9 });

test.prop([finite, finite, total])('linear has exact ends', (from, to, total) => {
  const value = linear({ from, to });
  if (total > 1) expect(value({ step: 0, total })).toBe(from);
  expect(value({ step: total - 1, total })).toBe(to);
});

test('linear is the mean of its ends half-way', () => {
  expect(linear({ from: 20, to: 1 })({ step: 50, total: 101 })).toBe(10.5);
});

test('linear refuses ends that are not finite numbers', () => {
  expect(() => linear({ from: Number.NaN, to: 1 })).toThrow('linear.from: must be a finite number, got NaN');
  expect(() => linear({ from: 1e39, to: 1 })).toThrow('linear.from: must be a finite number at most 3.4e+38, got 1e+39');
  // @ts-expect-error a missing option
  expect(() => linear({ from: 1 })).toThrow('linear.to: is missing; it must be a number');
});
