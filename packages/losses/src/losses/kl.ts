import * as tf from '@tensorflow/tfjs-core';
import { defineLoss } from '@temper/core';
import { z } from 'zod';
import { createLoss } from './support/create-loss.js';
import { logProbabilities } from './support/probabilities.js';
import { scaled, scaleOption } from './support/scale.js';
import { soften, temperaturesOf } from './support/temperature.js';
import { withGradient } from './support/with-gradient.js';

/** KL(softmax(teacher) ‖ softmax(student)) of logits that are already softened, `[..., classes]` to `[...]`. */
export function divergence(teacher: tf.Tensor, student: tf.Tensor): tf.Tensor {
  const p = tf.softmax(teacher);
  // The teacher's side enters through p alone: d/dp Σ p (log p − log q) = log p − log q, since p stays a distribution.
  return withGradient(
    [p, student],
    () => {
      const q = tf.softmax(student);
      const ratio = tf.sub(logProbabilities(teacher, p), logProbabilities(student, q));
      return { value: tf.sum(tf.mul(p, ratio), -1), saved: { p, q, ratio } };
    },
    (dy, saved) => {
      const upstream = tf.expandDims(dy, -1);
      return [tf.mul(saved.ratio, upstream), tf.mul(tf.sub(saved.q, saved.p), upstream)];
    },
  );
}

/**
 * The soft loss of knowledge distillation: scale · KL(softmax(z_t/T) ‖ softmax(z_s/T)).
 */
export const kl = defineLoss({
  type: 'kl',
  options: z.strictObject({ scale: scaleOption('temperature-squared') }),
  create: ({ scale }) =>
    createLoss(['teacher'], (x) => {
      const temperatures = temperaturesOf(x);
      const soft = soften(x, temperatures);
      return scaled(divergence(soft.teacher, soft.student), scale, temperatures, x);
    }),
});
