import { fc, test } from '@fast-check/vitest';
import { configOf, createKit, defineSchedule } from '@temper/core';
import { expect } from 'vitest';
import { z } from 'zod';
import { losses } from '../index.js';
import { alpha } from './alpha.js';

const ramp = defineSchedule({
  type: 'ramp',
  options: z.object({ by: z.number() }),
  create:
    ({ by }) =>
    ({ step }) =>
      Math.min(step * by, 2),
});
const kit = createKit({ plugins: [losses, ramp] });
const at = { step: 3, total: 10 };

test('alpha 0.7 is the weight of the soft loss and leaves exactly 0.3', () => {
  expect(alpha(0.7)(at)).toEqual({ soft: 0.7, hard: 0.3 });
  expect(configOf(alpha(0.7))).toEqual({ type: 'alpha', soft: 0.7 });
  expect(alpha(0.7).losses).toEqual(['soft', 'hard']);
  expect(kit.weighting({ type: 'alpha', soft: 0.9 })).toBeTypeOf('function');
});

test.prop([fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 9 })])('the weights of alpha sum to 1', (soft, step) => {
  const weights = alpha(soft).scalars({ step, total: 10 }, null);
  expect(weights['soft']).toBe(soft);
  expect((weights['soft'] as number) + (weights['hard'] as number)).toBeCloseTo(1, 14);
  expect(weights['hard']).toBeGreaterThanOrEqual(0);
});

test('the share of alpha may be a schedule', () => {
  const weighting = alpha(ramp({ by: 1e-7 }));
  expect(weighting({ step: 5e6, total: 1e7 })).toEqual({ soft: 0.5, hard: 0.5 });
  expect(configOf(weighting)).toEqual({ type: 'alpha', soft: { type: 'ramp', by: 1e-7 } });
});

test('alpha refuses shares outside of 0 to 1', () => {
  expect(() => kit.weighting({ type: 'alpha', soft: 1.2 })).toThrow('soft: must be a finite number from 0 to 1 at every step, got 1.2');
  expect(() => kit.weighting({ type: 'alpha', soft: { type: 'ramp', by: -0.1 } })).toThrow('soft: must be a finite number from 0 to 1');
  expect(() => alpha(Number.NaN)).toThrow('alpha.soft');
  expect(() => kit.build('weighting', { type: 'alpha', soft: '0.7' })).toThrow('soft: must be');
  expect(() => kit.build('weighting', { type: 'alpha', soft: 0.7, hard: 0.3 })).toThrow('unknown option "hard"');
});
