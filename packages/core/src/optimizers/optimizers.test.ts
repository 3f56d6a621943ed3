import '@tensorflow/tfjs-node';
import { fc, test } from '@fast-check/vitest';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect } from 'vitest';
import type { Optimizer } from '../contracts/optimizer.js';
import { createKit } from '../kit/kit.js';
import { checkOptimizer } from '../testing/index.js';
import { adam } from './adam.js';
import { adamw } from './adamw.js';
import { optimizers } from './index.js';
import { sgd } from './sgd.js';

// The formulas in float64, as the docstrings have them.
type Vector = readonly number[];
type Reference = (weights: Vector, gradients: readonly Vector[], rates: Vector) => number[];

interface SgdOptions {
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly weightDecay?: number;
}

function referenceSgd({ momentum = 0, nesterov = false, weightDecay = 0 }: SgdOptions): Reference {
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

interface AdamOptions {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
}

function referenceAdam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 }: AdamOptions): Reference {
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

/** Makes the updates one after the other on one parameter of this shape; returns its last value. */
function train(optimizer: Optimizer, start: Vector, gradients: readonly Vector[], shape = [start.length]): number[] {
  const parameter = tf.tidy(() => tf.variable(tf.tensor(start as number[], shape)));
  const state = optimizer.init([parameter]);
  gradients.forEach((gradient, step) =>
    tf.tidy(() => state.apply([tf.tensor(gradient as number[], shape)], tf.scalar(optimizer.learningRate({ step, total: gradients.length })))),
  );
  const result = Array.from(parameter.dataSync());
  tf.dispose([parameter, ...Object.values(state.variables)]);
  return result;
}

const float32 = (min: number, max: number) => fc.float({ min: Math.fround(min), max: Math.fround(max), noNaN: true });
const moderate = float32(-8, 8);
// Gradients of which float32 and float64 make the same: the quotient of two moments near 0 is all rounding.
const gradient = fc.oneof(fc.constant(0), float32(0.01, 8), float32(-8, -0.01));
const arrayOf = <T>(one: fc.Arbitrary<T>, length: number) => fc.array(one, { minLength: length, maxLength: length });
/** A start and some gradients of one length. */
const problem = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 12 }))
  .chain(([size, steps]) => fc.tuple(arrayOf(moderate, size), arrayOf(arrayOf(gradient, size), steps)));
const share = fc.double({ min: 0, max: 0.999, noNaN: true });
const decay = fc.double({ min: 0, max: 0.1, noNaN: true });
const rate = fc.double({ min: 0, max: 0.1, noNaN: true });

/** Equal up to the roundings of float32 in that many updates. */
function expectClose(got: readonly number[], want: readonly number[], scale: number): void {
  got.forEach((value, i) => expect(Math.abs(value - (want[i] as number))).toBeLessThanOrEqual(2e-6 * scale + 1e-5 * Math.abs(want[i] as number)));
}

describe('the formulas, in float64', () => {
  const check = (optimizer: Optimizer, reference: Reference, [start, gradients]: [number[], number[][]], sizeOfSteps: number) => {
    const rates = gradients.map((_, step) => optimizer.learningRate({ step, total: gradients.length }));
    expectClose(train(optimizer, start, gradients), reference(start, gradients, rates), 8 + sizeOfSteps * gradients.length);
  };
  test.prop([problem, rate, share, fc.boolean(), decay])('sgd', (given, learningRate, momentum, nesterov, weightDecay) => {
    const options = { momentum, nesterov: nesterov && momentum > 0, weightDecay };
    return check(sgd({ learningRate, ...options }), referenceSgd(options), given, learningRate * 80 * given[1].length);
  });
  test.prop([problem, rate, share, share, fc.double({ min: 1e-9, max: 1, noNaN: true })])('adam', (given, learningRate, beta1, beta2, epsilon) => {
    const options = { beta1, beta2, epsilon };
    return check(adam({ learningRate, ...options }), referenceAdam(options), given, learningRate * 100);
  });
  test.prop([problem, rate, decay])('adamw', (given, learningRate, weightDecay) => {
    return check(adamw({ learningRate, weightDecay }), referenceAdam({ weightDecay }), given, learningRate * 100);
  });
  test('a learning rate that is a schedule counts step by step', () => {
    const learningRate = ({ step }: { step: number }): number => 0.1 / (1 + step);
    const gradients = [[1, -2], [0.5, 3], [-1, 1]];
    const rates = [0.1, 0.05, 0.1 / 3];
    for (const [optimizer, reference] of [[sgd({ learningRate, momentum: 0.9 }), referenceSgd({ momentum: 0.9 })], [adam(learningRate), referenceAdam({})]] as const) {
      expectClose(train(optimizer, [1, 2], gradients), reference([1, 2], gradients, rates), 1);
    }
  });
  test('adam holds over 3,000 updates, where powers of beta have died out', () => {
    const gradients = Array.from({ length: 3000 }, (_, t) => [Math.sin(t), 0.01 * Math.cos(t / 7), 1e-3]);
    const want = referenceAdam({})([1, 1, 1], gradients, gradients.map(() => 1e-3));
    train(adam(1e-3), [1, 1, 1], gradients).forEach((value, i) => expect(value).toBeCloseTo(want[i] as number, 3));
  });
});

describe('tf.train gives the same', () => {
  const compare = (theirs: tf.Optimizer, ours: Optimizer, gradients: readonly Vector[]) => {
    const parameter = tf.tidy(() => tf.variable(tf.tensor([1, -2, 3]), true));
    for (const gradient of gradients) tf.tidy(() => theirs.applyGradients({ [parameter.name]: tf.tensor1d(gradient as number[]) }));
    const want = Array.from(parameter.dataSync());
    theirs.dispose();
    parameter.dispose();
    expectClose(train(ours, [1, -2, 3], gradients), want, 1);
  };
  const gradients = fc.array(fc.tuple(gradient, gradient, gradient), { minLength: 1, maxLength: 10 });
  test.prop([gradients])('sgd', (given) => compare(tf.train.sgd(0.03), sgd(0.03), given));
  test.prop([gradients])('momentum', (given) => compare(tf.train.momentum(0.03, 0.9), sgd({ learningRate: 0.03, momentum: 0.9 }), given));
  test.prop([gradients])('nesterov', (given) => compare(tf.train.momentum(0.03, 0.8, true), sgd({ learningRate: 0.03, momentum: 0.8, nesterov: true }), given));
  test.prop([gradients])('adam', (given) => {
    compare(tf.train.adam(0.03, 0.9, 0.99, 1e-6), adam({ learningRate: 0.03, beta2: 0.99, epsilon: 1e-6 }), given);
  });
});

describe('closed forms', () => {
  test.prop([fc.integer({ min: 1, max: 20 }), float32(0.01, 100)])('adam under a constant gradient moves by the learning rate each time', (steps, gradient) => {
    const gradients = Array.from({ length: steps }, () => [gradient, -gradient]);
    expectClose(train(adam(0.01), [0, 0], gradients), [-0.01 * steps, 0.01 * steps], 1);
  });
  test('adamw without gradients shrinks the weights by (1 − ηλ) a step, adam leaves them', () => {
    const none = Array.from({ length: 5 }, () => [0, 0]);
    expectClose(train(adamw({ learningRate: 0.1, weightDecay: 0.5 }), [1, -4], none), [0.95 ** 5, -4 * 0.95 ** 5], 1);
    expect(train(adam(0.1), [1, -4], none)).toEqual([1, -4]);
  });
  test('the decay of adamw does not depend on the size of the gradient', () => {
    const after = (weightDecay: number, gradient: number) => train(adamw({ learningRate: 0.1, weightDecay }), [1], [[gradient]])[0] as number;
    expect(after(0.5, 1000) - after(0, 1000)).toBeCloseTo(-0.05, 6);
    expect(after(0.5, 0.001) - after(0, 0.001)).toBeCloseTo(-0.05, 6);
  });
  test('decay "kernels" spares parameters of rank 0 and 1', () => {
    const optimizer = adamw({ learningRate: 0.1, weightDecay: 0.5, decay: 'kernels' });
    expect(train(optimizer, [1, 2], [[0, 0]])).toEqual([1, 2]);
    expectClose(train(optimizer, [1, 2], [[0, 0]], [1, 2]), [0.95, 1.9], 1);
  });
  test('momentum sums up to g / (1 − μ)', () => {
    const gradients = Array.from({ length: 200 }, () => [1]);
    const before = train(sgd({ learningRate: 1, momentum: 0.5 }), [0], gradients.slice(1))[0] as number;
    expect(before - (train(sgd({ learningRate: 1, momentum: 0.5 }), [0], gradients)[0] as number)).toBeCloseTo(2, 4);
  });
});

describe('laws', () => {
  const learningRate = rate;
  const cases = {
    sgd: () => checkOptimizer(sgd, { options: fc.record({ learningRate, momentum: fc.double({ min: 0.1, max: 0.99, noNaN: true }), nesterov: fc.boolean(), weightDecay: decay }) }),
    'sgd without momentum': () => checkOptimizer(sgd, { options: fc.record({ learningRate, weightDecay: decay }) }),
    adam: () => checkOptimizer(adam, { options: fc.record({ learningRate, beta1: share, beta2: share }) }),
    adamw: () => checkOptimizer(adamw, { options: fc.record({ learningRate, weightDecay: decay, decay: fc.constantFrom('all', 'kernels') }) }),
  };
  test.each(Object.entries(cases))('%s', (_, check) => check());
});

describe('state', () => {
  const names = (optimizer: Optimizer): string[] => {
    const parameters = tf.tidy(() => [tf.variable(tf.ones([2, 3])), tf.variable(tf.ones([3]))]);
    const { variables } = optimizer.init(parameters);
    tf.dispose([...parameters, ...Object.values(variables)]);
    return Object.keys(variables);
  };
  test('has stable names by the position of the parameter', () => {
    expect(names(sgd(0.1))).toEqual([]);
    expect(names(sgd({ learningRate: 0.1, momentum: 0.9 }))).toEqual(['momentum/0', 'momentum/1']);
    const moments = ['firstMoment/0', 'firstMoment/1', 'secondMoment/0', 'secondMoment/1', 'firstMoment/weights', 'secondMoment/weights'];
    expect(names(adam(0.1))).toEqual(moments);
    expect(names(adamw(0.1))).toEqual(moments);
  });
});

describe('extremes', () => {
  test.each([1e-30, 1e-12, 1e12, 1e18])('adam stays finite for gradients of %d', (size) => {
    const [weight] = train(adam(0.1), [1], [[size], [0], [-size], [size]]);
    expect(Number.isFinite(weight)).toBe(true);
  });
  test('zero gradients change nothing from the first update on', () => {
    expect(train(adam({ learningRate: 0.1, epsilon: 1e-30 }), [1, 2], [[0, 0], [0, 0]])).toEqual([1, 2]);
  });
});

describe('bad options', () => {
  const kit = createKit({ plugins: [optimizers] });
  test.each([
    [{ type: 'sgd' }, 'optimizer.learningRate: is missing'],
    [{ type: 'sgd', learningRate: -1 }, 'optimizer.learningRate: must be a finite number at least 0'],
    [{ type: 'adam', learningRate: 'fast' }, 'optimizer.learningRate: must be'],
    [{ type: 'sgd', learningRate: 0.1, momentum: 1 }, 'optimizer.momentum: must be a finite number below 1, got 1'],
    [{ type: 'sgd', learningRate: 0.1, momentum: Number.NaN }, 'optimizer.momentum: must be a finite number, got NaN'],
    [{ type: 'sgd', learningRate: 0.1, nesterov: true }, 'optimizer.nesterov: needs a momentum above 0'],
    [{ type: 'sgd', learningRate: 0.1, weightDecay: -0.1 }, 'optimizer.weightDecay: must be a finite number at least 0'],
    [{ type: 'adam', learningRate: 0.1, beta1: 1 }, 'optimizer.beta1: must be a finite number below 1'],
    [{ type: 'adam', learningRate: 0.1, beta2: -0.1 }, 'optimizer.beta2: must be a finite number at least 0'],
    [{ type: 'adam', learningRate: 0.1, epsilon: 0 }, 'optimizer.epsilon: must be a finite number at least 1e-30'],
    [{ type: 'adam', learningRate: 0.1, weightDecay: 0.1 }, 'unknown option "weightDecay"'],
    [{ type: 'adamw', learningRate: 0.1, decay: 'kernel' }, 'did you mean "kernels"?'],
    [{ type: 'adamx', learningRate: 0.1 }, 'did you mean "adam'],
  ])('%o', (config, message) => {
    expect(() => kit.build('optimizer', config, ['optimizer'])).toThrow(message);
  });
  test('the same by hand', () => {
    expect(() => sgd(-1)).toThrow('learningRate: must be a finite number at least 0');
    expect(() => adam({ learningRate: 0.1, beta1: 2 })).toThrow('adam.beta1');
  });
});
