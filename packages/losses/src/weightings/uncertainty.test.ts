import '@tensorflow/tfjs-node';
import { fc, test } from '@fast-check/vitest';
import * as tf from '@tensorflow/tfjs-core';
import { createKit, createRandom, type Variables } from '@temper/core';
import { weightingInputs } from '@temper/testing';
import { expect } from 'vitest';
import { losses } from '../index.js';
import { uncertainty } from './uncertainty.js';

const kit = createKit({ plugins: [losses] });
const context = { classes: 2, losses: ['soft', 'hard'], random: createRandom(0) };

/** Weights and penalty at these log-variances. */
function evaluate(weighting: ReturnType<typeof uncertainty>, logVariances: readonly number[]) {
  const variables: Variables = weighting.variables(context);
  const result = tf.tidy(() => {
    Object.values(variables).forEach((variable, i) => variable.assign(tf.scalar(logVariances[i] as number)));
    const x = weightingInputs({ losses: { soft: 1, hard: 1 }, variables });
    const { soft, hard } = weighting.weights(x);
    return [soft, hard, weighting.penalty(x)].map((value) => (value as tf.Tensor).dataSync()[0] as number);
  });
  tf.dispose(variables);
  return result as [number, number, number];
}

test('uncertainty has a variable for each loss that starts at −0.5', () => {
  const variables = uncertainty().variables(context);
  expect(Object.entries(variables).map(([name, variable]) => [name, variable.trainable, variable.dataSync()[0]])).toEqual([
    ['logVariance/soft', true, -0.5],
    ['logVariance/hard', true, -0.5],
  ]);
  tf.dispose(variables);
});

test.prop([fc.double({ min: -10, max: 10, noNaN: true }), fc.double({ min: -10, max: 10, noNaN: true })])(
  'half is half of full, and classification has the weights of full',
  (...s) => {
    const [half, full, classification] = (['half', 'full', 'classification'] as const).map((form) =>
      evaluate(uncertainty({ form }), s),
    ) as [[number, number, number], [number, number, number], [number, number, number]];
    half.forEach((value, i) => expect(value).toBeCloseTo((full[i] as number) / 2, 5));
    expect(classification).toEqual([full[0], full[1], half[2]]);
  },
);

test('a diverging log-variance leaves the weight finite', () => {
  const [soft, hard, penalty] = evaluate(uncertainty({ form: 'full' }), [-1000, 1000]);
  expect(soft).toBeCloseTo(Math.exp(30), -8);
  expect(hard).toBeCloseTo(Math.exp(-30), 15);
  expect(penalty).toBe(0);
});

test.each([
  [{ form: 'third' }, 'form: must be "half" or "full" or "classification"'],
  [{ initial: 31 }, 'initial: must be a finite number at most 30'],
  [{ initial: Number.NaN }, 'initial: must be a finite number'],
  [{ logVariance: 0 }, 'unknown option "logVariance"'],
])('uncertainty refuses %o', (options, message) => {
  expect(() => kit.build('weighting', { type: 'uncertainty', ...options })).toThrow(message);
});
