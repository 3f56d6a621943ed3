import { fc, test } from '@fast-check/vitest';
import { createKit, type Json } from '@temper/core';
import { expect } from 'vitest';
import { losses } from '../index.js';
import { dwa } from './dwa.js';

const kit = createKit({ plugins: [losses] });
const at = { step: 0, total: 10 };
const names = ['soft', 'hard'];
const observe = (weighting: ReturnType<typeof dwa>, ...epochs: readonly (readonly [number, number])[]): Json =>
  epochs.reduce<Json>(
    (state, [soft, hard]) =>
      weighting.state.observe(state, { loss: soft + hard, 'loss.soft': soft, 'loss.hard': hard, 'validation.accuracy': 0.5 }),
    weighting.state.initial,
  );
const loss = fc.double({ min: 1e-6, max: 1e4, noNaN: true });
const epoch = fc.tuple(loss, loss);

test('dwa gives equal weights until two epochs are over', () => {
  const weighting = dwa();
  for (const state of [weighting.state.initial, observe(weighting, [3, 1])])
    expect(weighting.scalars(at, state, ['a', 'b', 'c'])).toEqual({ a: 1, b: 1, c: 1 });
});

test.prop([fc.array(epoch, { minLength: 2, maxLength: 5 })])(
  'dwa weights sum to the number of losses, the slower loss has the larger one',
  (epochs) => {
    const weighting = dwa();
    const { soft, hard } = weighting.scalars(at, observe(weighting, ...epochs), names) as { soft: number; hard: number };
    expect(soft + hard).toBeCloseTo(2, 12);
    const [[a, b], [c, d]] = epochs.slice(-2) as [[number, number], [number, number]];
    if (c / a > (d / b) * 1.001) expect(soft).toBeGreaterThanOrEqual(hard);
  },
);

test.prop([fc.array(epoch, { minLength: 2, maxLength: 5 }), loss])('dwa does not depend on the unit of a loss', (epochs, unit) => {
  const weighting = dwa();
  const { soft } = weighting.scalars(at, observe(weighting, ...epochs), names);
  const other = weighting.scalars(at, observe(weighting, ...epochs.map(([a, b]) => [a * (1 + unit), b] as const)), names);
  expect(other['soft']).toBeCloseTo(soft as number, 4);
});

test('a loss that stays 0 counts as one that does not fall', () => {
  const weighting = dwa();
  expect(weighting.scalars(at, observe(weighting, [0, 1], [0, 1]), names)).toEqual({ soft: 1, hard: 1 });
});

test('an observation without losses or with NaN changes nothing', () => {
  const weighting = dwa();
  const state = observe(weighting, [2, 1]);
  expect(weighting.state.observe(state, { 'validation.accuracy': 1 })).toBe(state);
  expect(weighting.state.observe(state, { 'loss.soft': Number.NaN, 'loss.hard': 1 })).toBe(state);
});

test('dwa weighs its observations outside of a run', () => {
  const weighting = dwa();
  expect(weighting.scalars(at, weighting.state.initial)).toEqual({ soft: 1, hard: 1 });
  const seen = weighting.state.observe(weighting.state.initial, { 'loss.a': 1, 'loss.b': 2 });
  expect(weighting.scalars(at, seen)).toEqual({ a: 1, b: 1 });
});

test('dwa refuses a temperature that is not above 0', () => {
  expect(() => kit.build('weighting', { type: 'dwa', temperature: -2 })).toThrow(
    'temperature: must be a finite number at least 0.000001, got -2',
  );
});
