import { test } from '@fast-check/vitest';
import fc from 'fast-check';
import { expect } from 'vitest';
import { piecewise } from './piecewise.js';

const points = [
  { at: 0, value: 20 },
  { at: 0.5, value: 4 },
  { at: 1, value: 1 },
];
const at = (p: number) => ({ step: Math.round(100 * p), total: 101 });

test('piecewise is linear between its points and constant outside of them', () => {
  const inner = piecewise({
    points: [
      { at: 0.2, value: 8 },
      { at: 0.6, value: 4 },
    ],
  }); // prettier-ignore
  expect([0, 0.2, 0.3, 0.4, 0.6, 1].map((p) => inner(at(p)))).toEqual([8, 8, 7, 6, 4, 4]);
});

test('piecewise with steps holds each value until the next point', () => {
  const held = piecewise({ points, between: 'hold' });
  expect([0, 0.49, 0.5, 0.99, 1].map((p) => held(at(p)))).toEqual([20, 20, 4, 4, 1]);
});

test('piecewise counts points in steps and in epochs', () => {
  const later = [
    { at: 0, value: 0 },
    { at: 4, value: 8 },
  ]; // prettier-ignore
  expect(piecewise({ points: later, unit: 'steps' })({ step: 3, total: 100 })).toBe(6);
  expect(piecewise({ points: later, unit: 'epochs' })({ step: 30, total: 100, stepsPerEpoch: 10 })).toBe(6);
  expect(() => piecewise({ points: later, unit: 'epochs' })({ step: 30, total: 100 })).toThrow('piecewise counts epochs');
});

const value = fc.integer({ min: -1000, max: 1000 }).map((n) => n / 10);
const places = fc.uniqueArray(fc.integer({ min: 0, max: 100 }), { minLength: 2, maxLength: 6 }).map((list) => list.sort((a, b) => a - b));

test.prop([places, fc.array(value, { minLength: 6, maxLength: 6 })])(
  'a monotone curve passes through its points and never overshoots',
  (list, values) => {
    const given = list.map((place, i) => ({ at: place / 100, value: values[i] as number }));
    const smooth = piecewise({ points: given, between: 'monotone' });
    given.forEach(({ at: place, value }) => expect(smooth(at(place))).toBeCloseTo(value, 9));
    for (let i = 1; i < given.length; i++) {
      const [left, right] = [given[i - 1], given[i]] as [{ at: number; value: number }, { at: number; value: number }];
      const inside = Array.from({ length: 20 }, (_, k) =>
        smooth({ step: Math.round(1e6 * (left.at + ((right.at - left.at) * k) / 20)), total: 1e6 + 1 }),
      );
      const steps = inside.slice(1).map((value, k) => (value - (inside[k] as number)) * Math.sign(right.value - left.value));
      expect(Math.min(0, ...steps)).toBeGreaterThanOrEqual(-1e-9);
      expect(Math.max(...inside)).toBeLessThanOrEqual(Math.max(left.value, right.value) + 1e-9);
      expect(Math.min(...inside)).toBeGreaterThanOrEqual(Math.min(left.value, right.value) - 1e-9);
    }
  },
);

test('a monotone curve through points of a line is that line', () => {
  const line = [0, 0.25, 0.7, 1].map((p) => ({ at: p, value: 20 - 19 * p }));
  for (const p of [0.1, 0.33, 0.5, 0.9]) expect(piecewise({ points: line, between: 'monotone' })(at(p))).toBeCloseTo(20 - 19 * p, 12);
});

test('piecewise refuses unordered points and points outside of the stage', () => {
  const places = (...list: number[]) => piecewise({ points: list.map((at) => ({ at, value: 1 })) });
  expect(() => places(0.5, 0.5)).toThrow('piecewise.points[1].at: must be above 0.5, the place of the point before, got 0.5');
  expect(() => places(0, 2)).toThrow('piecewise.points[1].at: must be at most 1 where places are fractions, got 2');
  expect(() => piecewise({ points: [] })).toThrow('piecewise.points: must have at least 1 entries, got 0');
});
