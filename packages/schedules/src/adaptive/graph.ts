import { tf } from '@temper/core';

/** Computes without a gradient: for training the result is a constant. */
export function detached(inputs: readonly tf.Tensor[], compute: () => tf.Tensor): tf.Tensor {
  return tf.customGrad(() => ({ value: compute(), gradFunc: () => inputs.map(({ shape }) => tf.zeros(shape)) }))(...inputs);
}

/** Returns its input; multiplies the gradient by −strength (arXiv 1409.7495), so that a minimiser climbs. */
export function reverseGradient(x: tf.Tensor, strength: tf.Tensor): tf.Tensor {
  return tf.customGrad((x, strength, save) => {
    (save as unknown as (tensors: tf.Tensor[]) => void)([strength as tf.Tensor]);
    return {
      value: tf.clone(x as tf.Tensor),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [tf.neg(tf.mul(dy, saved[0] as tf.Tensor)), tf.zeros([])],
    };
  })(x, strength);
}

/** Logits minus their largest, so that their exponentials neither overflow nor all underflow. */
export const shifted = (logits: tf.Tensor): tf.Tensor => tf.sub(logits, tf.max(logits, -1, true));

/** One-hot of the largest logit of each sample; of several the first. */
export const firstLargest = (logits: tf.Tensor): tf.Tensor =>
  tf.oneHot(tf.argMax(logits, -1), logits.shape[logits.rank - 1] as number, 1, 0, 'float32');

/** A softmax at some temperature by its parts, each `[..., 1]` but the probabilities. */
export interface Softened {
  readonly probabilities: tf.Tensor;
  /** Largest probability. */
  readonly confidence: tf.Tensor;
  /** Shifted logits over the temperature. */
  readonly energies: tf.Tensor;
  /** Mean of `energies` under the probabilities. */
  readonly mean: tf.Tensor;
}

export function soften(shiftedLogits: tf.Tensor, temperature: tf.Tensor): Softened {
  const energies = tf.div(shiftedLogits, temperature);
  const probabilities = tf.softmax(energies);
  return { probabilities, energies, confidence: tf.max(probabilities, -1, true), mean: tf.sum(tf.mul(probabilities, energies), -1, true) };
}

/** −Σ p log p of a softmax: log p is energy + log of the largest p, whose energy is 0; no logarithm of 0 anywhere. */
export const entropyOf = ({ confidence, mean }: Softened): tf.Tensor => tf.neg(tf.add(tf.log(confidence), mean));
