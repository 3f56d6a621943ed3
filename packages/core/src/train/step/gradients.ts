import * as tf from '@tensorflow/tfjs-core';
import { TemperError } from '../../errors.js';
import type { Gradients, Reaches } from '../../contracts/optimizer.js';
import type { Terms } from './parts.js';

/** Computes gradients. A variable that nothing depends on (a learned temperature in another part of a sequence) has gradient 0. */
export function gradientsOf(
  total: () => tf.Tensor,
  variables: readonly tf.Variable[],
): { readonly gradients: tf.Tensor[]; readonly reached: boolean[] } {
  const { grads } = tf.variableGrads(() => total() as tf.Scalar, [...variables]);
  const found = variables.map((variable) => (grads[variable.name] as tf.Tensor | null | undefined) ?? undefined);
  return {
    gradients: found.map((gradient, i) => gradient ?? tf.zerosLike(variables[i] as tf.Variable)),
    reached: found.map((gradient) => gradient !== undefined),
  };
}

/**
 * Computes the gradients of each weighted term and of the layers' penalties. Every term repeats the forward pass, which updates moving
 * averages only once.
 */
export function gradientsPerLoss(
  terms: () => Terms,
  names: readonly string[],
  variables: readonly tf.Variable[],
  buffers: readonly tf.Variable[],
): { readonly gradients: Gradients; readonly reaches: Reaches } {
  let after: readonly tf.Tensor[] | undefined;
  const entries = names.map((name, index) => {
    const found = gradientsOf(() => {
      const { weighted, penalty, regularization } = terms();
      const own = (weighted[name] ?? regularization) as tf.Tensor;
      return index === 0 && penalty !== undefined ? tf.add(own, penalty) : own;
    }, variables);
    const moved = after;
    if (moved === undefined) after = buffers.map((buffer) => tf.clone(buffer));
    else buffers.forEach((buffer, i) => buffer.assign(moved[i] as tf.Tensor));
    return [name, found] as const;
  });
  return {
    gradients: Object.fromEntries(entries.map(([name, { gradients }]) => [name, gradients])),
    reaches: Object.fromEntries(entries.map(([name, { reached }]) => [name, reached])),
  };
}

/** Computes the gradient of a loss's batch mean at the student's logits, for weightings. */
export function gradientAtLogits(name: string, mean: (student: tf.Tensor) => tf.Tensor, student: tf.Tensor): tf.Tensor {
  try {
    // Adding a zero keeps the graph connected: if the logits do not reach the loss, tfjs reports it only after freeing the forward pass.
    return tf.grads((logits: tf.Tensor, zero: tf.Tensor) => tf.add(mean(logits), zero))([student, tf.scalar(0)])[0] as tf.Tensor;
  } catch (error) {
    // The error of tfjs when no operation leads from the logits to the loss.
    if (!(error instanceof Error && error.message.startsWith('Cannot compute gradient of y=f(x)'))) throw error;
    throw new TemperError({
      code: 'config/invalid',
      message: `asks for the gradient of losses.${name} at the student's logits, but this loss does not depend on them`,
      hint:
        'A loss on intermediate outputs alone cannot be balanced by gradients at the logits: use another ' +
        'weighting, for instance uncertainty or loss-ratio.',
      cause: error,
    });
  }
}
