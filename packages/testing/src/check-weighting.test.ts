import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { Json, LossWeighting } from '@temper/core';
import { checkWeighting } from './check-weighting.js';

const equal = { soft: 1, hard: 1 };
const good: LossWeighting = { scalars: () => equal };
const reacting = (observe: (state: Json, seen: Readonly<Record<string, number>>) => Json, initial: Json = 1): LossWeighting => ({
  scalars: (_, state) => ({ soft: typeof state === 'number' ? state : 1, hard: 1 }),
  state: { initial, observe },
});

describe('accepted weightings', () => {
  test.each<[string, LossWeighting | (() => typeof equal)]>([
    ['a plain function', () => equal],
    ['a weighting of scalars alone', good],
    [
      'weights for each sample in the graph, with penalty and measure',
      {
        scalars: () => ({ soft: 1 }),
        weights: ({ labels, scalars }) => ({ soft: tf.zerosLike(tf.cast(labels, 'float32')), hard: scalars['soft'] as tf.Scalar }),
        penalty: () => tf.scalar(1),
        measure: ({ losses }) => ({ size: tf.add(losses['soft'] as tf.Scalar, 1) }),
      },
    ],
    [
      'a weighting with learned variables',
      {
        scalars: () => ({}),
        variables: ({ losses }) => Object.fromEntries(losses.map((name) => [name, tf.tidy(() => tf.variable(tf.scalar(1)))])),
        weights: ({ variables }) => ({ soft: variables['soft'] as tf.Tensor, hard: variables['hard'] as tf.Tensor }),
      },
    ],
    ['a state that follows from its inputs', reacting((_, seen) => (seen['loss.soft'] as number) / 2)],
  ])('checkWeighting accepts %s', (_, weighting) => checkWeighting(() => weighting, { runs: 30 }));
});

describe('broken laws', () => {
  let asked = 0;
  test.each<[string, LossWeighting, string]>([
    ['a loss without a weight', { scalars: () => ({ soft: 1 }) }, 'names of the weights must be those of the losses: "hard" is missing'],
    ['a weight without a loss', { scalars: () => ({ ...equal, hint: 1 }) }, '"hint" is too many'],
    [
      'a negative weight',
      { scalars: ({ step, total }) => ({ soft: 1 - (2 * step) / total, hard: 1 }) },
      'weight of "soft" must be finite and at least 0',
    ],
    [
      'a weight that is not finite',
      { ...good, weights: ({ losses }) => ({ soft: tf.reciprocal(losses['soft'] as tf.Scalar), hard: tf.scalar(1) }) },
      'weight of "soft" must be finite and at least 0, got Infinity',
    ],
    ['a scalar that is not finite', { scalars: () => ({ soft: Number.NaN, hard: 1 }) }, 'scalar "soft" must be finite, got NaN'],
    [
      'weights of another shape',
      { ...good, weights: ({ student }) => ({ soft: tf.zerosLike(student), hard: tf.scalar(1) }) },
      'must be a scalar or have the shape of the labels',
    ],
    [
      'scalars that are not always there',
      { scalars: ({ step }) => (step === 0 ? { soft: 1 } : equal), weights: () => ({ soft: tf.scalar(1), hard: tf.scalar(1) }) },
      'the same at every step and in every state',
    ],
    ['values that depend on what was asked before', { scalars: () => ({ soft: asked++, hard: 1 }) }, 'when asked again'],
    [
      'random weights',
      { ...good, weights: () => ({ soft: tf.scalar(Math.random()), hard: tf.scalar(1) }) },
      'the same inputs must give the same weights to the bit',
    ],
    ['a state that is not JSON', reacting(() => new Map() as never), 'state must be plain JSON'],
    ['a state with NaN', reacting(() => Number.NaN), 'state must be plain JSON'],
    [
      'an observe that changes its state',
      reacting((state) => ((state as number[]).push(1), state), []),
      'observe must not change the state it is given',
    ],
    ['an observe that is not pure', reacting(() => asked++), 'observe must give the same state for the same observation'],
    ['a penalty that is not a scalar', { ...good, penalty: () => tf.ones([2]) as never }, 'penalty must be a finite scalar'],
    ['a measure that is not finite', { ...good, measure: () => ({ ratio: tf.scalar(Infinity) }) }, 'ratio must be a finite scalar'],
    [
      'a tensor left behind',
      { ...good, weights: () => (tf.keep(tf.scalar(1)), { soft: tf.scalar(1), hard: tf.scalar(1) }) },
      'tensors left behind: 1',
    ],
  ])('checkWeighting refuses %s', (_, weighting, law) => {
    let caught: Error | undefined;
    const leaked = tf.memory().numTensors;
    tf.engine().startScope();
    try {
      checkWeighting(() => weighting);
    } catch (error) {
      caught = error as Error;
    } finally {
      tf.engine().endScope();
    }
    expect(caught?.message).toContain(law);
    expect(caught?.message).toContain('seed');
    expect(tf.memory().numTensors).toBeGreaterThanOrEqual(leaked);
  });
});
