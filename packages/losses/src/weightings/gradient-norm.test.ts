import '@tensorflow/tfjs-node';
import { fc, test } from '@fast-check/vitest';
import * as tf from '@tensorflow/tfjs-core';
import { createKit } from '@temper/core';
import { weightingInputs } from '@temper/testing';
import { expect } from 'vitest';
import { losses } from '../index.js';
import { gradientNorm } from './gradient-norm.js';

const kit = createKit({ plugins: [losses] });
const row = fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: 0.1, max: 1, noNaN: true }));
const norm = ([a, b]: readonly [number, number]): number => Math.hypot(a, b);

function weigh(
  weighting: ReturnType<typeof gradientNorm>,
  soft: readonly [number, number],
  hard: readonly [number, number],
): [soft: number, hard: number] {
  return tf.tidy(() => {
    const weights = weighting.weights(weightingInputs({ losses: { soft: 1, hard: 1 }, gradients: { soft: [soft], hard: [hard] } }));
    return ['soft', 'hard'].map((name) => weights[name]?.dataSync()[0]) as [number, number];
  });
}

test.prop([row, row, fc.double({ min: 0.05, max: 0.95, noNaN: true })])(
  'weighted gradients have their shares of the norm, and the weights their sum',
  (soft, hard, share) => {
    const [ofSoft, ofHard] = weigh(gradientNorm({ shares: { soft: share, hard: 1 - share }, limit: 1000 }), soft, hard);
    expect(ofSoft + ofHard).toBeCloseTo(2, 4);
    expect((ofSoft * norm(soft)) / (ofSoft * norm(soft) + ofHard * norm(hard))).toBeCloseTo(share, 4);
  },
);

test('a vanishing gradient does not remove the weight of the other losses', () => {
  const [soft, hard] = weigh(gradientNorm(), [0, 0], [1, 0]);
  expect(soft / hard).toBeCloseTo(10, 4);
  expect(hard).toBeCloseTo(2 / 11, 5);
  expect(weigh(gradientNorm(), [0, 0], [0, 0])).toEqual([1, 1]);
});

test('gradient-norm names the losses of its shares', () => {
  expect(gradientNorm({ shares: { soft: 1, hint: 2 } }).losses).toEqual(['soft', 'hint']);
});

test.each([
  [{ limit: 0.5 }, 'limit: must be a finite number at least 1'],
  [{ shares: { soft: -1 } }, 'shares.soft: must be a finite number at least 0'],
  [{ shares: {} }, 'shares: must have a weight for at least one loss'],
])('gradient-norm refuses %o', (options, message) => {
  expect(() => kit.build('weighting', { type: 'gradient-norm', ...options })).toThrow(message);
});
