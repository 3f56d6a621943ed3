import * as tf from '@tensorflow/tfjs-core';
import type { Gradients, TransformState } from '../../contracts/optimizer.js';

/** Sums of gradients: for each stream of gradients, one sum per variable. */
export type GradientSums = Readonly<Record<string, readonly tf.Variable[]>>;

/**
 * Adds up the gradients of the micro-batches of an update. The gradients of a `part` are only added; after the `last` one their sum is
 * passed on, and the sums are reset to zero.
 */
export const accumulation = (sums: GradientSums, role: 'part' | 'last'): TransformState => ({
  variables: Object.fromEntries(
    Object.entries(sums).flatMap(([stream, list]) => list.map((sum, i) => [`sum/${stream}/${i}`, sum] as const)),
  ),
  apply(gradients, next) {
    const added: Gradients = Object.fromEntries(
      Object.entries(gradients).map(([stream, own]) => [
        stream,
        own.map((gradient, i) => tf.add(sums[stream]?.[i] as tf.Variable, gradient)),
      ]),
    );
    for (const [stream, list] of Object.entries(sums)) {
      list.forEach((sum, i) => sum.assign(role === 'part' ? (added[stream]?.[i] as tf.Tensor) : tf.zerosLike(sum)));
    }
    if (role === 'last') next(added);
  },
});

/** Creates zero sums for the gradients of micro-batches; the caller disposes them. */
export const gradientSums = (streams: readonly string[], variables: readonly tf.Variable[]): Record<string, tf.Variable[]> =>
  tf.tidy(() => Object.fromEntries(streams.map((stream) => [stream, variables.map((one) => tf.variable(tf.zerosLike(one), false))])));
