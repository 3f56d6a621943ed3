import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Optimizer, OptimizerState } from '@temper/core';
import { checkOptimizer } from './check-optimizer.js';

type Init = (parameters: readonly tf.Variable[]) => OptimizerState;
const descend = (parameters: readonly tf.Variable[], gradients: readonly tf.Tensor[], rate: tf.Scalar): void =>
  parameters.forEach((parameter, i) => tf.tidy(() => parameter.assign(tf.sub(parameter, tf.mul(gradients[i] as tf.Tensor, rate)))));
const plain: Init = (parameters) => ({ variables: {}, apply: (gradients, rate) => descend(parameters, gradients, rate) });
const with_ = (init: Init, learningRate: Optimizer['learningRate'] = () => 0.1): Optimizer => ({ learningRate, init });
const options = fc.constant({});

test('checkOptimizer accepts gradient descent', () => checkOptimizer(() => with_(plain), { options, runs: 20 }));

describe('broken laws', () => {
  let asked = 0;
  test.each<[string, Optimizer, string]>([
    ['a negative learning rate', with_(plain, () => -1), 'the learning rate must be finite and at least 0, got -1'],
    ['a learning rate with a memory', with_(plain, () => asked++), 'must not depend on what was asked before'],
    [
      'a step at learning rate 0',
      with_((parameters) => ({
        variables: {},
        apply: (gradients) =>
          descend(
            parameters,
            gradients,
            tf.tidy(() => tf.scalar(0.5)),
          ),
      })),
      'tensors left behind: 1',
    ],
    [
      'hidden state',
      with_((parameters) => {
        let updates = 0;
        return { variables: {}, apply: (gradients, rate) => tf.tidy(() => descend(parameters, gradients, tf.div(rate, ++updates))) };
      }),
      'the variables must be all the state',
    ],
    [
      'steps that ignore the learning rate',
      with_((parameters) => ({ variables: {}, apply: (gradients) => tf.tidy(() => descend(parameters, gradients, tf.scalar(0.5))) })),
      'a learning rate of 0 must change no parameter',
    ],
    [
      'a trainable slot',
      with_((parameters) => ({ ...plain(parameters), variables: { slot: tf.tidy(() => tf.variable(tf.zeros([1]))) } })),
      'variable "slot" must not be trainable',
    ],
    [
      'disposed gradients',
      with_((parameters) => ({
        variables: {},
        apply: (gradients, rate) => (descend(parameters, gradients, rate), tf.dispose([...gradients])),
      })),
      'tensors disposed that are not its own: 3',
    ],
    [
      'a step that overflows',
      with_((parameters) => ({
        variables: {},
        apply: (gradients, rate) =>
          tf.tidy(() =>
            descend(
              parameters,
              gradients.map((one) => tf.exp(one)),
              rate,
            ),
          ),
      })),
      'parameters must stay finite',
    ],
  ])('checkOptimizer refuses an optimizer with %s', (_, optimizer, law) => {
    tf.engine().startScope();
    let caught: Error | undefined;
    try {
      checkOptimizer(() => optimizer, { options });
    } catch (error) {
      caught = error as Error;
    } finally {
      tf.engine().endScope();
    }
    expect(caught?.message).toContain(law);
  });
});
