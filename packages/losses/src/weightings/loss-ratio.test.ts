import '@tensorflow/tfjs-node';
import { fc, test } from '@fast-check/vitest';
import * as tf from '@tensorflow/tfjs-core';
import { createKit, type LossWeighting, type Scalars } from '@temper/core';
import { weightingInputs } from '@temper/testing';
import { expect } from 'vitest';
import { losses } from '../index.js';
import { lossRatio } from './loss-ratio.js';

const kit = createKit({ plugins: [losses] });
const at = { step: 0, total: 10 };
const loss = fc.double({ min: 1e-4, max: 1e4, noNaN: true });
const weigh = (weighting: LossWeighting, losses: Readonly<Record<string, number>>, scalars: Scalars = {}): Record<string, number> =>
  tf.tidy(() =>
    Object.fromEntries(
      Object.entries(weighting.weights?.(weightingInputs({ losses, scalars })) ?? {}).map(([name, weight]) => [
        name,
        weight.dataSync()[0] as number,
      ]),
    ),
  );

test.prop([loss, loss, loss])('equal contribution gives equal weighted losses and normalized weights', (a, b, c) => {
  const weights = weigh(lossRatio(), { a, b, c }) as { a: number; b: number; c: number };
  expect(weights.a + weights.b + weights.c).toBeCloseTo(3, 4);
  expect((weights.a * a) / (weights.b * b)).toBeCloseTo(1, 4);
  expect((weights.b * b) / (weights.c * c)).toBeCloseTo(1, 4);
});

test.prop([loss, loss])('ratio to first keeps the first loss unchanged', (a, b) => {
  const weights = weigh(lossRatio({ form: 'ratio-to-first' }), { a, b }) as { a: number; b: number };
  expect(weights.a).toBe(1);
  expect((weights.b * b) / a).toBeCloseTo(1, 4);
});

test('relative forms weigh equally until the first losses are known', () => {
  const weighting: LossWeighting = lossRatio({ form: 'relative-to-initial' });
  const names = ['soft', 'hard'];
  const initial = weighting.state?.initial ?? null;
  const unknown = weighting.scalars(at, initial, names);
  expect(unknown).toEqual({ 'initial.soft': 0, 'initial.hard': 0 });
  expect(weigh(weighting, { soft: 1, hard: 9 }, unknown)).toEqual({ soft: 1, hard: 1 });
  const first = weighting.state?.observe(initial, { 'loss.soft': 4, 'loss.hard': 2 }) ?? null;
  expect(weighting.state?.observe(first, { 'loss.soft': 1, 'loss.hard': 1 })).toBe(first);
  const weights = weigh(weighting, { soft: 1, hard: 1.5 }, weighting.scalars(at, first, names));
  expect(weights['soft']).toBeCloseTo(0.5, 6);
  expect(weights['hard']).toBeCloseTo(1.5, 6);
});

test('given initial losses apply from the first update', () => {
  const weighting = kit.weighting({ type: 'loss-ratio', form: 'relative-to-initial', initial: { soft: 4, hard: 2 } }) as LossWeighting;
  expect(weighting.losses).toEqual(['soft', 'hard']);
  expect(weighting.scalars(at, {}, ['soft', 'hard'])).toEqual({ 'initial.soft': 4, 'initial.hard': 2 });
});

test('a loss of 0 gives finite weights', () => {
  for (const form of ['equal-contribution', 'ratio-to-first'] as const) {
    for (const weight of Object.values(weigh(lossRatio({ form }), { soft: 0, hard: 1e38 }))) expect(Number.isFinite(weight)).toBe(true);
  }
});

test.each([
  [{ form: 'equal' }, 'form: must be "equal-contribution" or'],
  [{ initial: { soft: 1 } }, 'initial: is only for the forms relative-to-initial and relative-to-initial-softmax'],
  [{ form: 'relative-to-initial', initial: { soft: -1 } }, 'initial.soft: must be a finite number at least 0'],
])('loss-ratio refuses %o', (options, message) => {
  expect(() => kit.build('weighting', { type: 'loss-ratio', ...options })).toThrow(message);
});
