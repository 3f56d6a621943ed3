import '@tensorflow/tfjs-node';
import { fc, test } from '@fast-check/vitest';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect } from 'vitest';
import { checkOptimizer } from '@temper/testing';
import { adam } from './adam.js';
import {
  decay,
  deviation,
  deviationFrom,
  float32,
  gradient,
  problem,
  rate,
  share,
  train,
  trainTheirs,
  variableNames,
  type Reference,
} from './fixtures.js';
import { adamw } from './adamw.js';

interface AdamOptions {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
}

function reference({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 }: AdamOptions): Reference {
  return (start, gradients, rates) =>
    start.map((weight, i) => {
      let [w, m, v] = [weight, 0, 0];
      gradients.forEach((gradient, t) => {
        const g = gradient[i] as number;
        const rate = rates[t] as number;
        m = beta1 * m + (1 - beta1) * g;
        v = beta2 * v + (1 - beta2) * g * g;
        const corrected = m / (1 - beta1 ** (t + 1)) / (Math.sqrt(v / (1 - beta2 ** (t + 1))) + epsilon);
        w = (1 - rate * weightDecay) * w - rate * corrected;
      });
      return w;
    });
}

const epsilon = fc.double({ min: 1e-9, max: 1, noNaN: true });
const moments = ['firstMoment/0', 'firstMoment/1', 'secondMoment/0', 'secondMoment/1', 'firstMoment/weights', 'secondMoment/weights'];

describe('adam', () => {
  test.prop([problem, rate, share, share, epsilon])('adam equals its formula in float64', (given, learningRate, beta1, beta2, epsilon) => {
    const options = { beta1, beta2, epsilon };
    // The first moment is at most 8 and the root of the second at least 0.01: its last gradient alone can make it.
    expect(deviationFrom(reference(options), adam({ learningRate, ...options }), given, (learningRate * 8) / 0.01)).toBeLessThanOrEqual(1);
  });
  test('adam evaluates a learning rate schedule at each step', () => {
    const optimizer = adam(({ step }: { step: number }) => 0.1 / (1 + step));
    expect(
      deviationFrom(
        reference({}),
        optimizer,
        [
          [1, 2],
          [
            [1, -2],
            [0.5, 3],
            [-1, 1],
          ],
        ],
        0,
      ),
    ).toBeLessThanOrEqual(1);
  });
  test('adam is exact over 3,000 updates, where powers of beta reach 0', () => {
    const gradients = Array.from({ length: 3000 }, (_, t) => [Math.sin(t), 0.01 * Math.cos(t / 7), 1e-3]);
    const rates = gradients.map(() => 1e-3);
    const want = reference({})([1, 1, 1], gradients, rates);
    train(adam(1e-3), [1, 1, 1], gradients).forEach((value, i) => expect(value).toBeCloseTo(want[i] as number, 3));
  });
  test.prop([fc.array(fc.tuple(gradient, gradient, gradient), { minLength: 1, maxLength: 10 })])('adam equals tf.train.adam', (given) => {
    const ours = train(adam({ learningRate: 0.03, beta2: 0.99, epsilon: 1e-6 }), [1, -2, 3], given);
    expect(deviation(ours, trainTheirs(tf.train.adam(0.03, 0.9, 0.99, 1e-6), [1, -2, 3], given), 1)).toBeLessThanOrEqual(1);
  });
  test.prop([fc.integer({ min: 1, max: 20 }), float32(0.01, 100)])(
    'adam under a constant gradient moves by the learning rate each time',
    (steps, gradient) => {
      const gradients = Array.from({ length: steps }, () => [gradient, -gradient]);
      expect(deviation(train(adam(0.01), [0, 0], gradients), [-0.01 * steps, 0.01 * steps], 1)).toBeLessThanOrEqual(1);
    },
  );
  test.each([1e-30, 1e-12, 1e12, 1e18])('adam stays finite for gradients of %d', (size) => {
    expect(Number.isFinite(train(adam(0.1), [1], [[size], [0], [-size], [size]])[0])).toBe(true);
  });
  test('adam changes nothing for zero gradients from the first update on', () => {
    const none = Array.from({ length: 5 }, () => [0, 0]);
    expect(train(adam({ learningRate: 0.1, epsilon: 1e-30 }), [1, -4], none)).toEqual([1, -4]);
  });
  test('adam names its variables by the position of the parameter', () => {
    expect(variableNames(adam(0.1))).toEqual(moments);
  });
  test('adam keeps the laws of optimizers', () => {
    checkOptimizer(adam, { options: fc.record({ learningRate: rate, beta1: share, beta2: share }) });
  });
});

describe('adamw', () => {
  test.prop([problem, rate, decay])('adamw equals its formula in float64', (given, learningRate, weightDecay) => {
    expect(deviationFrom(reference({ weightDecay }), adamw({ learningRate, weightDecay }), given, learningRate * 100)).toBeLessThanOrEqual(
      1,
    );
  });
  test('adamw without gradients shrinks the weights by (1 − ηλ) a step', () => {
    const none = Array.from({ length: 5 }, () => [0, 0]);
    const shrunk = train(adamw({ learningRate: 0.1, weightDecay: 0.5 }), [1, -4], none);
    expect(deviation(shrunk, [0.95 ** 5, -4 * 0.95 ** 5], 1)).toBeLessThanOrEqual(1);
  });
  test('the decay of adamw does not depend on the size of the gradient', () => {
    const after = (weightDecay: number, gradient: number) =>
      train(adamw({ learningRate: 0.1, weightDecay }), [1], [[gradient]])[0] as number;
    expect(after(0.5, 1000) - after(0, 1000)).toBeCloseTo(-0.05, 6);
    expect(after(0.5, 0.001) - after(0, 0.001)).toBeCloseTo(-0.05, 6);
  });
  test('decay "kernels" excludes parameters of rank 0 and 1', () => {
    const optimizer = adamw({ learningRate: 0.1, weightDecay: 0.5, decay: 'kernels' });
    expect(train(optimizer, [1, 2], [[0, 0]])).toEqual([1, 2]);
    expect(deviation(train(optimizer, [1, 2], [[0, 0]], [1, 2]), [0.95, 1.9], 1)).toBeLessThanOrEqual(1);
  });
  test('adamw has the variables of adam', () => {
    expect(variableNames(adamw(0.1))).toEqual(moments);
  });
  test('adamw keeps the laws of optimizers', () => {
    checkOptimizer(adamw, { options: fc.record({ learningRate: rate, weightDecay: decay, decay: fc.constantFrom('all', 'kernels') }) });
  });
});
