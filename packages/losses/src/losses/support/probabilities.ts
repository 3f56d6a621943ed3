import { tf } from '@temper/core';
import { withGradient } from './with-gradient.js';
import { withoutGradient } from './without-gradient.js';

/**
 * log softmax(x) from x and p = softmax(x), as x − max x + log max p. The largest probability is at least
 * 1 / classes, so the logarithm never sees an underflow, and p is at hand for the gradient. Not differentiable:
 * for use in the forward pass of `withGradient`.
 */
export function logProbabilities(logits: tf.Tensor, probabilities: tf.Tensor): tf.Tensor {
  const shifted = tf.sub(logits, tf.max(logits, -1, true));
  return tf.add(shifted, tf.log(tf.max(probabilities, -1, true)));
}

/** log Σ_c exp(x_c) over the classes, `[..., classes]` to `[..., 1]`, with the softmax as its gradient. */
export function logSumExp(logits: tf.Tensor): tf.Tensor {
  return withGradient(
    [logits],
    () => {
      const p = tf.softmax(logits);
      return { value: tf.sub(tf.max(logits, -1, true), tf.log(tf.max(p, -1, true))), saved: { p } };
    },
    (dy, { p }) => [tf.mul(p, dy)],
  );
}

/** A logit for probability 0: below every other logit at every temperature, and finite, so that 0 times it is 0. */
export const hidden = -1e9;

/**
 * Logits minus the largest, for functions of their differences alone: large logits would lose accuracy. The gradient of the largest logit
 * is left out, since the gradients add up to 0.
 */
export const fromLargest = (logits: tf.Tensor): tf.Tensor => tf.sub(logits, largestOf(logits));

/** The largest logit of each sample as a constant, `[..., 1]`. */
export const largestOf = (logits: tf.Tensor): tf.Tensor => withoutGradient(() => tf.max(logits, -1, true));

/** A softmax with the sum of exponentials that it divides by, `[..., 1]`. */
type Distribution = Readonly<Record<'probabilities' | 'sum', tf.Tensor>>;

/** Of logits of which the largest is 0. Not differentiable: for use in the forward pass of `withGradient`. */
export function distribution(logits: tf.Tensor): Distribution {
  const exponentials = tf.exp(logits);
  const sum = tf.sum(exponentials, -1, true);
  return { probabilities: tf.mul(exponentials, tf.div(1, sum)), sum };
}

/** The gradient at the logits where `derivative` is that at their softmax p: p (derivative − Σ p derivative). */
export const alongSimplex = (p: tf.Tensor, derivative: tf.Tensor): tf.Tensor =>
  tf.mul(p, tf.sub(derivative, tf.sum(tf.mul(p, derivative), -1, true)));
