// Helpers that the tests of the optimizers share; not part of the package's API.
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import type { Optimizer } from '../contracts/optimizer.js';

export type Vector = readonly number[];
/** A formula in float64: weights after updates with these gradients at these rates. */
export type Reference = (weights: Vector, gradients: readonly Vector[], rates: Vector) => number[];

/** Makes the updates one after the other on one parameter of this shape; returns its last value. */
export function train(optimizer: Optimizer, start: Vector, gradients: readonly Vector[], shape = [start.length]): number[] {
  const parameter = tf.tidy(() => tf.variable(tf.tensor(start as number[], shape)));
  const state = optimizer.init([parameter]);
  gradients.forEach((gradient, step) =>
    tf.tidy(() =>
      state.apply([tf.tensor(gradient as number[], shape)], tf.scalar(optimizer.learningRate({ step, total: gradients.length }))),
    ),
  );
  const result = Array.from(parameter.dataSync());
  tf.dispose([parameter, ...Object.values(state.variables)]);
  return result;
}

export const float32 = (min: number, max: number) => fc.float({ min: Math.fround(min), max: Math.fround(max), noNaN: true });
const moderate = float32(-8, 8);
// Gradients that float32 and float64 represent equally: the quotient of two moments near 0 is all rounding.
export const gradient = fc.oneof(fc.constant(0), float32(0.01, 8), float32(-8, -0.01));
const arrayOf = <T>(one: fc.Arbitrary<T>, length: number) => fc.array(one, { minLength: length, maxLength: length });
/** A start and some gradients of one length. */
export const problem = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 12 }))
  .chain(([size, steps]) => fc.tuple(arrayOf(moderate, size), arrayOf(arrayOf(gradient, size), steps)));
export const share = fc.double({ min: 0, max: 0.999, noNaN: true });
export const decay = fc.double({ min: 0, max: 0.1, noNaN: true });
export const rate = fc.double({ min: 0, max: 0.1, noNaN: true });

/** Returns the difference of two results in units of the rounding error that float32 explains for steps of this size. */
export function deviation(got: Vector, want: Vector, scale: number): number {
  return Math.max(...got.map((value, i) => Math.abs(value - (want[i] as number)) / (2e-6 * scale + 1e-5 * Math.abs(want[i] as number))));
}

/** Returns the deviation from a reference over all updates of a problem. */
export function deviationFrom(
  reference: Reference,
  optimizer: Optimizer,
  [start, gradients]: readonly [Vector, readonly Vector[]],
  sizeOfSteps: number,
): number {
  const rates = gradients.map((_, step) => optimizer.learningRate({ step, total: gradients.length }));
  return deviation(train(optimizer, start, gradients), reference(start, gradients, rates), 8 + sizeOfSteps * gradients.length);
}

/** Returns the result of an optimizer of tf.train for the same gradients. */
export function trainTheirs(theirs: tf.Optimizer, start: Vector, gradients: readonly Vector[]): number[] {
  const parameter = tf.tidy(() => tf.variable(tf.tensor(start as number[]), true));
  for (const gradient of gradients) tf.tidy(() => theirs.applyGradients({ [parameter.name]: tf.tensor1d(gradient as number[]) }));
  const result = Array.from(parameter.dataSync());
  theirs.dispose();
  parameter.dispose();
  return result;
}

/** Returns the names of the variables for two parameters. */
export function variableNames(optimizer: Optimizer): string[] {
  const parameters = tf.tidy(() => [tf.variable(tf.ones([2, 3])), tf.variable(tf.ones([3]))]);
  const { variables } = optimizer.init(parameters);
  tf.dispose([...parameters, ...Object.values(variables)]);
  return Object.keys(variables);
}
