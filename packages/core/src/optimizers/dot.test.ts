import '@tensorflow/tfjs-node';
import { fc, test } from '@fast-check/vitest';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect } from 'vitest';
import type { Optimizer } from '../contracts/optimizer.js';
import { createKit } from '../kit/kit.js';
import { checkOptimizer, expectNoLeakedTensors } from '@temper/testing';
import { dot } from './dot.js';
import { optimizers } from './index.js';
import { sgd } from './sgd.js';

const value = fc.float({ min: -4, max: 4, noNaN: true });
type Step = Readonly<Record<string, number>>;

/** One weight after updates with these gradients of each loss. */
function train(optimizer: Optimizer, steps: readonly Step[], rate = 0.1): number {
  const parameter = tf.tidy(() => tf.variable(tf.scalar(1)));
  const state = optimizer.init([parameter]);
  for (const step of steps) {
    tf.tidy(() => {
      const gradients = Object.fromEntries(Object.entries(step).map(([loss, gradient]) => [loss, [tf.scalar(gradient)]]));
      if (state.applyPerLoss === undefined) state.apply([tf.scalar(Object.values(step).reduce((a, b) => a + b, 0))], tf.scalar(rate));
      else state.applyPerLoss(gradients, tf.scalar(rate));
    });
  }
  const result = parameter.dataSync()[0] as number;
  tf.dispose([parameter, ...Object.values(state.variables)]);
  return result;
}

const steps = fc.array(fc.record({ hard: value, soft: value, hint: value }), { minLength: 1, maxLength: 8 });
const close = (got: number, want: number): void => expect(Math.abs(got - want)).toBeLessThanOrEqual(1e-4 * Math.max(1, Math.abs(want)));

describe('dot', () => {
  test.prop([steps, fc.double({ min: 0, max: 0.09, noNaN: true }), fc.double({ min: 0, max: 0.1, noNaN: true })])(
    'dot equals its formula in float64 step by step',
    async (given, delta, weightDecay) => {
      let [w, task, distillation] = [1, 0, 0];
      for (const { hard, soft, hint } of given) {
        task = (0.9 - delta) * task + hard + weightDecay * w;
        distillation = (0.9 + delta) * distillation + soft + hint;
        w -= 0.1 * (task + distillation);
      }
      close(await expectNoLeakedTensors(() => train(dot({ learningRate: 0.1, delta, weightDecay }), given)), w);
    },
  );
  test.prop([steps])('dot without delta is momentum on the sum of losses', (given) => {
    close(train(dot({ learningRate: 0.1, delta: 0 }), given), train(sgd({ learningRate: 0.1, momentum: 0.9 }), given));
  });
  test('dot accepts other losses as the task', () => {
    const given = [
      { labels: 1, soft: 2 },
      { labels: 3, soft: -1 },
    ];
    const usual = given.map(({ labels, soft }) => ({ hard: labels, soft }));
    expect(train(dot({ learningRate: 0.1, task: ['labels'] }), given)).toBe(train(dot(0.1), usual));
  });
});

describe('a parameter that not every loss reaches', () => {
  const options = { learningRate: 0.1, momentum: 0.9, delta: 0.075, weightDecay: 0.01 };
  const pull = (step: number): number => Math.sin(3 * step + 1);

  /** Two momenta in float64, as the authors' code keeps them. */
  function expected(reaching: { hard: boolean; soft: boolean }): number {
    let [w, task, distillation] = [1, 0, 0];
    const alone = reaching.hard !== reaching.soft;
    for (let step = 0; step < 20; step += 1) {
      const decay = options.weightDecay * w;
      if (reaching.hard) task = (alone ? 0.9 : 0.825) * task + pull(step) + decay;
      if (reaching.soft) distillation = (alone ? 0.9 : 0.975) * distillation + pull(step + 0.5) + (reaching.hard ? 0 : decay);
      w -= 0.1 * (task + distillation);
    }
    return w;
  }

  test.each([[{ hard: true, soft: true }], [{ hard: true, soft: false }], [{ hard: false, soft: true }], [{ hard: false, soft: false }]])(
    'dot updates a parameter that only some losses reach: %o',
    async (reaching) => {
      await expectNoLeakedTensors(() => {
        const parameter = tf.tidy(() => tf.variable(tf.scalar(1)));
        const { variables, applyPerLoss } = dot(options).init([parameter]);
        for (let step = 0; step < 20; step += 1) {
          const gradient = (loss: 'hard' | 'soft', at: number): tf.Tensor[] => [tf.scalar(reaching[loss] ? pull(at) : 0)];
          const reaches = { hard: [reaching.hard], soft: [reaching.soft] };
          tf.tidy(() => applyPerLoss?.({ hard: gradient('hard', step), soft: gradient('soft', step + 0.5) }, tf.scalar(0.1), reaches));
        }
        close(parameter.dataSync()[0] as number, expected(reaching));
        tf.dispose([parameter, ...Object.values(variables)]);
      });
    },
  );

  test('dot without a distillation loss is momentum', () => {
    const given = [{ hard: 1 }, { hard: -0.5 }, { hard: 2 }];
    close(train(dot(0.1), given), train(sgd({ learningRate: 0.1, momentum: 0.9 }), given));
  });
});

test('dot keeps the laws of optimizers', () => {
  checkOptimizer(dot, {
    options: fc.record({
      learningRate: fc.double({ min: 0, max: 0.1, noNaN: true }),
      delta: fc.double({ min: 0, max: 0.09, noNaN: true }),
      weightDecay: fc.double({ min: 0, max: 0.1, noNaN: true }),
    }),
  });
});

test('dot treats a single gradient for all losses as the task', () => {
  const parameter = tf.tidy(() => tf.variable(tf.scalar(1)));
  const { variables, apply } = dot(0.1).init([parameter]);
  tf.tidy(() => apply([tf.scalar(2)], tf.scalar(0.1)));
  expect(Object.keys(variables)).toEqual(['taskMomentum/0', 'distillationMomentum/0']);
  expect(Object.values(variables).map((variable) => variable.dataSync()[0])).toEqual([2, 0]);
  tf.dispose([parameter, ...Object.values(variables)]);
});

describe('bad options', () => {
  const kit = createKit({ plugins: [optimizers] });
  test.each([
    [{ delta: 0.2 }, 'optimizer.delta: momentum − delta must be at least 0, and momentum + delta below 1'],
    [{ momentum: 0.05 }, 'optimizer.delta: momentum − delta must be'],
    [{ task: [] }, 'optimizer.task: must have at least 1 entries'],
    [{ delta: -1 }, 'optimizer.delta: must be a finite number at least 0'],
  ])('dot refuses the options %o', (options, message) => {
    expect(() => kit.build('optimizer', { type: 'dot', learningRate: 0.1, ...options }, ['optimizer'])).toThrow(message);
  });
  test('dot refuses a task that is not a loss of the run', () => {
    expect(() => train(dot({ learningRate: 0.1, task: ['hart'] }), [{ hard: 1, soft: 1 }])).toThrow(
      'optimizer.task: must name a loss of the run; it names hart, and the losses are hard, soft',
    );
  });
});
