import * as tf from '@tensorflow/tfjs-core';
import { TemperError } from '../../errors.js';
import type { Gradients, Reaches } from '../../contracts/optimizer.js';
import type { Terms } from './parts.js';

/** A variable that nothing depends on now (a learned temperature in another part of a sequence) has gradient 0, and is not reached. */
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
 * Gradients of each weighted term, and of the penalties of the layers; every term repeats the forward pass, whose effect on moving
 * averages counts once.
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

/** Gradient of a loss's batch mean at the student's logits, for weightings. */
export function gradientAtLogits(name: string, mean: (student: tf.Tensor) => tf.Tensor, student: tf.Tensor): tf.Tensor {
  try {
    // The zero is always reached: where the logits are not, tfjs then notices it only after it has freed the forward pass.
    return tf.grads((logits: tf.Tensor, zero: tf.Tensor) => tf.add(mean(logits), zero))([student, tf.scalar(0)])[0] as tf.Tensor;
  } catch (error) {
    // What tfjs says where no operation leads from the logits to the loss.
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
