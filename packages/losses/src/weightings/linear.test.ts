import { fc, test } from '@fast-check/vitest';
import { configOf, createKit, type WeightSchedule } from '@temper/core';
import { expect } from 'vitest';
import { losses } from '../index.js';
import { linearWeights } from './linear.js';

const kit = createKit({ plugins: [losses] });
const weight = fc.double({ min: 0, max: 1e6, noNaN: true });
const total = fc.integer({ min: 1, max: 1e9 });

test.prop([weight, weight, weight, weight, total])('linear has exact ends', (a, b, c, d, total) => {
  const weighting = linearWeights({ from: { soft: a, hint: b }, to: { soft: c, hint: d } });
  if (total > 1) expect(weighting({ step: 0, total })).toEqual({ soft: a, hint: b });
  expect(weighting({ step: total - 1, total })).toEqual({ soft: c, hint: d });
});

test.prop([weight, weight, total, fc.double({ min: 0, max: 1, noNaN: true })])('linear stays between its ends', (from, to, total, part) => {
  const value = linearWeights({ from: { x: from }, to: { x: to } })({ step: Math.floor(part * (total - 1)), total })['x'] as number;
  expect(value).toBeGreaterThanOrEqual(Math.min(from, to) * (1 - 1e-15));
  expect(value).toBeLessThanOrEqual(Math.max(from, to) * (1 + 1e-15));
});

test('linear moves from the soft to the hard loss by default', () => {
  const weighting = linearWeights();
  expect([0, 2, 4].map((step) => weighting({ step, total: 5 }))).toEqual([
    { soft: 1, hard: 0 },
    { soft: 0.5, hard: 0.5 },
    { soft: 0, hard: 1 },
  ]);
  expect(weighting.losses).toEqual(['soft', 'hard']);
});

test('a number is the weight of the soft loss', () => {
  const weighting = kit.weighting({ type: 'linear', from: 0.9, to: 0.1 });
  expect((weighting as WeightSchedule)({ step: 0, total: 5 })).toEqual({ soft: 0.9, hard: 0.1 });
  expect(configOf(weighting)).toEqual({ type: 'linear', from: 0.9, to: 0.1 });
});

test.each([
  [{ from: { soft: 1 }, to: { hard: 1 } }, 'to: must have weights for the same losses as from; "soft" is missing'],
  [{ from: { soft: 1 }, to: { soft: 0, hard: 1 } }, 'from: must have weights for the same losses as to; "hard" is missing'],
  [{ from: { soft: 1, hint: 1 } }, '"hint" is missing'],
  [{ from: { soft: -1, hard: 0 } }, 'from.soft: must be a finite number at least 0, got -1'],
  [{ to: 1.5 }, 'to: must be a finite number at most 1, got 1.5'],
  [{ from: {}, to: {} }, 'from: must have a weight for at least one loss'],
  [{ from: 'soft' }, 'from: must be the weight of the soft loss from 0 to 1, or weights by name'],
  [{ to: Number.NaN }, 'to: must be the weight of the soft loss'],
])('linear refuses %o', (options, message) => {
  expect(() => kit.build('weighting', { type: 'linear', ...options })).toThrow(message);
});
