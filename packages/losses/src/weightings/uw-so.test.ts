import '@tensorflow/tfjs-node';
import { fc, test } from '@fast-check/vitest';
import * as tf from '@tensorflow/tfjs-core';
import { createKit } from '@temper/core';
import { weightingInputs } from '@temper/testing';
import { expect } from 'vitest';
import { losses } from '../index.js';
import { uwSo } from './uw-so.js';

const kit = createKit({ plugins: [losses] });
const weigh = (weighting: ReturnType<typeof uwSo>, losses: Readonly<Record<string, number>>): Record<string, number> =>
  tf.tidy(() =>
    Object.fromEntries(
      Object.entries(weighting.weights(weightingInputs({ losses }))).map(([name, weight]) => [name, weight.dataSync()[0] as number]),
    ),
  );
const loss = fc.double({ min: 0, max: 100, noNaN: true });

test.prop([loss, loss, loss, fc.double({ min: 0.01, max: 100, noNaN: true })])(
  'uw-so weights sum to 1 and are larger for smaller losses',
  (a, b, c, temperature) => {
    const weights = weigh(uwSo({ temperature }), { a, b, c });
    expect(Object.values(weights).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    if (a < b) expect(weights['a']).toBeGreaterThanOrEqual(weights['b'] as number);
  },
);

const notSmall = fc.double({ min: 0.1, max: 100, noNaN: true });
test.prop([notSmall, notSmall])('a high temperature makes the weights of uw-so equal', (a, b) => {
  for (const weight of Object.values(weigh(uwSo({ temperature: 1e6 }), { a, b }))) expect(weight).toBeCloseTo(0.5, 4);
});

test.each([1, 1e-2, 1e-3, 1e-4])('losses of about %d that nearly agree are distinguished to 1e-5', (size) => {
  const [soft, hard] = [Math.fround(size), Math.fround(size * (1 + 0.7 * size))];
  const inverse = (one: number): number => 1 / (one + 1e-8);
  const want = 1 / (1 + Math.exp(inverse(hard) - inverse(soft)));
  expect(Math.abs((weigh(uwSo(), { soft, hard })['soft'] as number) - want) / want).toBeLessThan(1e-5);
});

test('a loss that is 0, or below 0 by rounding, has a finite weight', () => {
  expect(weigh(uwSo(), { soft: 0, hard: 1 })).toEqual({ soft: 1, hard: 0 });
  expect(weigh(uwSo({ softmax: false }), { soft: -1e-8, hard: 1 })['soft']).toBeCloseTo(1e8, -2);
});

test.each([
  [{ temperature: 0 }, 'temperature: must be a finite number at least 0.000001'],
  [{ temperature: '1' }, 'temperature: must be a number, got "1"'],
  [{ softmax: 1 }, 'softmax: must be true or false, got 1'],
])('uw-so refuses %o', (options, message) => {
  expect(() => kit.build('weighting', { type: 'uw-so', ...options })).toThrow(message);
});
