import { configOf, createKit } from '@temper/core';
import { expect, test } from 'vitest';
import { losses } from '../index.js';
import { constantWeights } from './constant.js';

const kit = createKit({ plugins: [losses] });
const weights = { soft: 0.7, hard: 0.3, hint: 10 };

test('constant gives its weights at every step', () => {
  for (const weighting of [constantWeights(weights), constantWeights({ weights })]) {
    expect(weighting({ step: 0, total: 10 })).toEqual(weights);
    expect(weighting.scalars({ step: 9, total: 10 }, null)).toEqual(weights);
    expect(weighting.losses).toEqual(['soft', 'hard', 'hint']);
    expect(configOf(weighting)).toEqual({ type: 'constant', weights });
  }
});

test.each([
  [{ weights: {} }, 'weights: must have a weight for at least one loss'],
  [{ weights: { soft: -1 } }, 'weights.soft: must be a finite number at least 0, got -1'],
  [{ weights: { soft: Number.NaN } }, 'weights.soft: must be a finite number, got NaN'],
  [{ weights: { soft: { type: 'linear', from: 1, to: 0 } } }, 'weights.soft: must be a number'],
  [{ soft: 1 }, 'unknown option "soft"'],
])('constant refuses %o', (options, message) => {
  expect(() => kit.build('weighting', { type: 'constant', ...options })).toThrow(message);
});
