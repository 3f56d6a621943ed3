import * as tf from '@tensorflow/tfjs-node';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { GradientTransform, Optimizer } from '../contracts/optimizer.js';
import { checkOptimizer, expectNoLeakedTensors } from '@temper/testing';
import { adam } from './adam.js';
import { adamw } from './adamw.js';
import { chain } from './chain.js';
import { clipNorm } from './clip-norm.js';
import { dot } from './dot.js';
import { problem, share, train, variableNames, decay, rate } from './fixtures.js';
import { sgd } from './sgd.js';
import { decoupledWeightDecay } from './weight-decay.js';

const inner = fc.constantFrom<Optimizer>(sgd(0.1), sgd({ learningRate: 0.1, momentum: 0.9 }), adam(0.01), dot(0.1));
const link = fc.oneof(
  fc.double({ min: 0.01, max: 100, noNaN: true }).map((limit) => clipNorm(limit)),
  decay.map((by) => decoupledWeightDecay(by)),
);

/** A transform with memory: gradients lose the mean of those before. */
const centred: GradientTransform = {
  init(parameters) {
    const means = parameters.map(({ shape }) => tf.tidy(() => tf.variable(tf.zeros(shape), false)));
    return {
      variables: Object.fromEntries(means.map((mean, i) => [`mean/${i}`, mean])),
      perLoss: false,
      apply(gradients, next) {
        const [stream, list = []] = Object.entries(gradients)[0] ?? [];
        const changed = list.map((gradient, i) => tf.sub(gradient, means[i] as tf.Variable));
        list.forEach((gradient, i) => means[i]?.assign(tf.mul(tf.add(means[i] as tf.Variable, gradient), 0.5)));
        next({ [stream ?? 'total']: changed });
      },
    };
  },
};

describe('laws of optimizers', () => {
  test('any chain keeps the laws of optimizers', () => {
    checkOptimizer(({ links, last }: { links: GradientTransform[]; last: Optimizer }) => chain(...links, last), {
      options: fc.record({ links: fc.array(link, { maxLength: 4 }), last: inner }),
    });
  });
  test('chains with stateful transforms keep the laws of optimizers', () =>
    checkOptimizer(() => chain(centred, clipNorm(1), centred, adam(0.01)), { options: fc.constant({}), runs: 20 }));
});

test('variables keep their names, and a name in use gets the number of its link', () => {
  expect(variableNames(chain(clipNorm(1), centred, centred, sgd({ learningRate: 1, momentum: 0.5 })))).toEqual([
    'mean/0',
    'mean/1',
    '2/mean/0',
    '2/mean/1',
    'momentum/0',
    'momentum/1',
  ]);
});

describe('chains', () => {
  test.prop([problem, rate, decay])(
    'decoupledWeightDecay before adam equals adamw to the bit',
    ([start, gradients], learningRate, weightDecay) => {
      const made = chain(decoupledWeightDecay(weightDecay), adam(learningRate));
      expect(train(made, start, gradients)).toEqual(train(adamw({ learningRate, weightDecay }), start, gradients));
    },
  );
  test.prop([problem, share])('links apply in the order in which they are written', ([start, gradients], factor) => {
    const scaled: GradientTransform = {
      init: () => ({
        variables: {},
        apply: (given, next) =>
          next(Object.fromEntries(Object.entries(given).map(([name, list]) => [name, list.map((one) => tf.mul(one, factor))]))),
      }),
    };
    const byHand = gradients.map((gradient) => {
      const norm = Math.hypot(...gradient);
      return gradient.map((value) => value * Math.min(1, 2 / Math.max(norm, 1e-12)) * factor);
    });
    const got = train(chain(clipNorm(2), scaled, sgd(0.1)), start, gradients);
    train(sgd(0.1), start, byHand).forEach((value, i) => expect(got[i]).toBeCloseTo(value, 3));
  });
  test('an optimizer without transforms is returned unchanged', () => {
    const optimizer = adam(0.1);
    expect(train(chain(optimizer), [1, 2], [[1, 1]])).toEqual(train(optimizer, [1, 2], [[1, 1]]));
  });
});

test('a link that does not call the next makes no update, and later links see updates', async () => {
  await expectNoLeakedTensors(() => {
    const seen: number[] = [];
    const parameter = tf.tidy(() => tf.variable(tf.scalar(5)));
    const every = (period: number): GradientTransform => {
      let calls = 0;
      return { init: () => ({ variables: {}, apply: (given, next) => void (++calls % period === 0 && next(given)) }) };
    };
    const watching: GradientTransform = {
      init: () => ({
        variables: {},
        apply(given, next) {
          next(given);
          seen.push(parameter.dataSync()[0] as number);
        },
      }),
    };
    const state = chain(every(2), watching, sgd(1)).init([parameter]);
    for (let i = 0; i < 4; i++) tf.tidy(() => state.apply([tf.scalar(1)], tf.scalar(1)));
    expect(seen).toEqual([4, 3]);
    tf.dispose([parameter, ...Object.values(state.variables)]);
  });
});

test('losses have separate gradients when a link or the optimizer needs them', () => {
  const init = (optimizer: Optimizer): boolean => {
    const state = optimizer.init([]);
    return state.applyPerLoss !== undefined;
  };
  expect(init(chain(clipNorm(1), adam(0.1)))).toBe(false);
  expect(init(chain(clipNorm(1), dot(0.1)))).toBe(true);
});
