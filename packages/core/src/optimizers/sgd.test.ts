import '@tensorflow/tfjs-node';
import { fc, test } from '@fast-check/vitest';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect } from 'vitest';
import { checkOptimizer } from '@temper/testing';
import {
  decay,
  deviation,
  deviationFrom,
  gradient,
  problem,
  rate,
  share,
  train,
  trainTheirs,
  variableNames,
  type Reference,
} from './fixtures.js';
import { sgd } from './sgd.js';

interface SgdOptions {
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly weightDecay?: number;
}

function reference({ momentum = 0, nesterov = false, weightDecay = 0 }: SgdOptions): Reference {
  return (start, gradients, rates) =>
    start.map((weight, i) => {
      let w = weight;
      let v = 0;
      gradients.forEach((gradient, t) => {
        const g = (gradient[i] as number) + weightDecay * w;
        v = momentum * v + g;
        w -= (rates[t] as number) * (nesterov ? g + momentum * v : v);
      });
      return w;
    });
}

test.prop([problem, rate, share, fc.boolean(), decay])(
  'sgd equals its formula in float64',
  (given, learningRate, momentum, nesterov, weightDecay) => {
    const options = { momentum, nesterov: nesterov && momentum > 0, weightDecay };
    expect(
      deviationFrom(reference(options), sgd({ learningRate, ...options }), given, learningRate * 80 * given[1].length),
    ).toBeLessThanOrEqual(1);
  },
);

test('sgd evaluates a learning rate schedule at each step', () => {
  const optimizer = sgd({ learningRate: ({ step }) => 0.1 / (1 + step), momentum: 0.9 });
  expect(
    deviationFrom(
      reference({ momentum: 0.9 }),
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

describe('tf.train gives the same', () => {
  const start = [1, -2, 3];
  const gradients = fc.array(fc.tuple(gradient, gradient, gradient), { minLength: 1, maxLength: 10 });
  const cases = [
    ['sgd', () => tf.train.sgd(0.03), sgd(0.03)],
    ['momentum', () => tf.train.momentum(0.03, 0.9), sgd({ learningRate: 0.03, momentum: 0.9 })],
    ['nesterov', () => tf.train.momentum(0.03, 0.8, true), sgd({ learningRate: 0.03, momentum: 0.8, nesterov: true })],
  ] as const;
  for (const [name, theirs, ours] of cases) {
    test.prop([gradients])(name, (given) => {
      expect(deviation(train(ours, start, given), trainTheirs(theirs(), start, given), 1)).toBeLessThanOrEqual(1);
    });
  }
});

test('momentum sums up to g / (1 − μ)', () => {
  const optimizer = sgd({ learningRate: 1, momentum: 0.5 });
  const after = (updates: number) =>
    train(
      optimizer,
      [0],
      Array.from({ length: updates }, () => [1]),
    )[0] as number;
  expect(after(199) - after(200)).toBeCloseTo(2, 4);
});

test('sgd has a variable for each parameter only with momentum', () => {
  expect(variableNames(sgd(0.1))).toEqual([]);
  expect(variableNames(sgd({ learningRate: 0.1, momentum: 0.9 }))).toEqual(['momentum/0', 'momentum/1']);
});

test('sgd keeps the laws of optimizers', () => {
  const momentum = fc.double({ min: 0.1, max: 0.99, noNaN: true });
  checkOptimizer(sgd, { options: fc.record({ learningRate: rate, weightDecay: decay }) });
  checkOptimizer(sgd, { options: fc.record({ learningRate: rate, momentum, nesterov: fc.boolean(), weightDecay: decay }) });
});
