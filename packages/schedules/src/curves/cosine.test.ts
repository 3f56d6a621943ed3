import { test } from '@fast-check/vitest';
import fc from 'fast-check';
import { expect } from 'vitest';
import { cosine } from './cosine.js';

const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });

test.prop([value, value, fc.integer({ min: 2, max: 1e9 })])('cosine is monotone and flat at both ends', (from, to, total) => {
  const at = cosine({ from, to });
  const quarter = Math.floor((total - 1) / 4);
  const [start, first, last, end] = [0, quarter, total - 1 - quarter, total - 1].map((step) => at({ step, total })) as [
    number,
    number,
    number,
    number,
  ];
  const moved = Math.abs(to - from);
  expect(Math.abs(first - start)).toBeLessThanOrEqual(0.15 * moved + 1e-9);
  expect(Math.abs(first - start + (last - end))).toBeLessThanOrEqual(1e-9 * (1 + moved));
});

test('cosine is the mean of its ends half-way', () => {
  expect(cosine({ from: 20, to: 1 })({ step: 50, total: 101 })).toBe(10.5);
});
