import { tf } from '#libraries';
import type { Gradients, GradientTransform } from '../contracts/optimizer.js';
import { TemperError } from '../errors.js';
import { summed } from './chain.js';

/**
 * Scales the gradients down where their norm is above a limit.
 *
 * Formula: g ← g · min(1, limit / ‖g‖), with ‖g‖ the norm over all parameters together, of the sum over the losses if they are separate.
 * The run's `clipNorm` is this transform before the run's optimizer.
 * @param limit Above 0.
 * @throws TemperError `config/invalid` for a limit that is not a finite number above 0.
 * @see arXiv 1211.5063
 * @example chain(clipNorm(1), adam(0.001))
 */
export function clipNorm(limit: number): GradientTransform {
  if (!(limit > 0 && limit < Infinity)) {
    throw new TemperError({ code: 'config/invalid', path: 'clipNorm', message: `must be a finite number above 0, got ${String(limit)}` });
  }
  return { init: () => ({ variables: {}, apply: (gradients, next) => next(clipped(gradients, limit)) }) };
}

/** Divides the gradients by their largest entry before it squares them: squares of entries beyond 1e19 overflow float32. */
function clipped(gradients: Gradients, limit: number): Gradients {
  const sums = summed(gradients);
  const largest = tf.maximum(tf.max(tf.stack(sums.map((gradient) => tf.max(tf.abs(gradient))))), smallest);
  const norm = tf.sqrt(tf.addN(sums.map((gradient) => tf.sum(tf.square(tf.div(gradient, largest))))));
  const isAbove = tf.greater(norm, tf.div(limit, largest));
  const scale = tf.div(limit, tf.maximum(norm, smallest));
  // By two factors: their product may be below the smallest number of float32.
  const scaled = (gradient: tf.Tensor): tf.Tensor => tf.where(isAbove, tf.mul(tf.div(gradient, largest), scale), gradient);
  return Object.fromEntries(Object.entries(gradients).map(([name, list]) => [name, list.map(scaled)]));
}

/** The lower bound of a divisor. */
const smallest = 1e-12;
