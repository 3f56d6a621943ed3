import '@tensorflow/tfjs-node';
import { checkWeighting } from '@temper/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { losses } from '../index.js';
import { alpha } from './alpha.js';
import { constantWeights } from './constant.js';
import { dwa } from './dwa.js';
import { gradientNorm } from './gradient-norm.js';
import { linearWeights } from './linear.js';
import { lossRatio } from './loss-ratio.js';
import { teacherConfidence } from './teacher-confidence.js';
import { teacherCorrectness } from './teacher-correctness.js';
import { tokenFocusing } from './token-focusing.js';
import { uncertainty } from './uncertainty.js';
import { uwSo } from './uw-so.js';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const weight = fc.double({ min: 0, max: 1e6, noNaN: true });
const temperature = fc.oneof(fc.double({ min: 0.1, max: 20, noNaN: true }), fc.constantFrom(1e-6, 1e6));
const three = ['soft', 'hard', 'hint'];

const checks: Readonly<Record<string, () => void>> = {
  alpha: () => checkWeighting(alpha, { options: fc.record({ soft: share }) }),
  constant: () => checkWeighting(constantWeights, { options: fc.record({ weights: fc.record({ soft: weight, hard: weight }) }) }),
  linear: () => {
    checkWeighting(linearWeights, { options: fc.record({ from: share, to: share }, { requiredKeys: [] }) });
    const weights = fc.record({ soft: weight, hard: weight, hint: weight });
    checkWeighting(linearWeights, { options: fc.record({ from: weights, to: weights }), losses: three });
  },
  uncertainty: () =>
    checkWeighting(uncertainty, {
      options: fc.record({
        form: fc.constantFrom('half', 'full', 'classification'),
        initial: fc.double({ min: -30, max: 30, noNaN: true }),
      }),
      losses: three,
    }),
  'uw-so': () => checkWeighting(uwSo, { options: fc.record({ temperature, softmax: fc.boolean() }), losses: three }),
  dwa: () => checkWeighting(dwa, { options: fc.record({ temperature }), losses: three }),
  'loss-ratio': () => {
    checkWeighting(lossRatio, {
      options: fc.record({
        form: fc.constantFrom('equal-contribution', 'ratio-to-first', 'relative-to-initial', 'relative-to-initial-softmax'),
      }),
      losses: three,
    });
    checkWeighting(lossRatio, {
      options: fc.record({
        form: fc.constantFrom('relative-to-initial', 'relative-to-initial-softmax'),
        initial: fc.record({ soft: weight, hard: weight }),
      }),
    });
  },
  'gradient-norm': () => {
    checkWeighting(gradientNorm, { options: fc.record({ limit: fc.double({ min: 1, max: 1e6, noNaN: true }) }), losses: three });
    checkWeighting(gradientNorm, {
      options: fc.record({ shares: fc.record({ soft: fc.double({ min: 0.01, max: 1, noNaN: true }), hard: share }) }),
    });
  },
  'teacher-confidence': () =>
    checkWeighting(teacherConfidence, { options: fc.record({ soft: share, measure: fc.constantFrom('label', 'top', 'entropy') }) }),
  'token-focusing': () => {
    const within = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    const options = fc.record({
      soft: share,
      decay: share.filter((value) => value < 1),
      tolerance: within,
      step: within,
      least: within,
      warmUp: share,
    });
    checkWeighting(tokenFocusing, { options });
  },
  'teacher-correctness': () => checkWeighting(teacherCorrectness, { options: fc.record({ soft: share, wrong: share }) }),
};

test.each(Object.entries(checks))('%s keeps the laws of weightings', (_, check) => check());

test('every weighting has a check of its laws', () => {
  const types = losses.provides.filter(({ kind }) => kind === 'weighting').map(({ type }) => type);
  expect(Object.keys(checks).sort()).toEqual(types.sort());
});
