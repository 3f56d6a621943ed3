import * as tf from '@tensorflow/tfjs-core';
import { defineLoss } from '@temper/core';
import { z } from 'zod';
import { softLoss, softOptions } from './support/soft-loss.js';
import { meanSquaredError } from './support/squared-error.js';
import { withoutGradient } from './support/without-gradient.js';

/**
 * Label-free consistency, for data without labels: L = scale · c · (1/classes) Σ_c (softmax(z_s/T)_c −
 * softmax(z_t/T)_c)², with c = 1 where the teacher's largest probability at temperature 1 is at least `threshold`,
 * else 0.
 *
 * Takes logits `[..., classes]` of both; gives `[...]`, at most 2/classes, which bounds the harm that a wrong teacher
 * can do. Labels are neither needed nor looked at, so unlabelled samples may be mixed with labelled ones.
 *
 * Source: 1703.01780 (mean teacher), whose code takes the mean over classes as here; the threshold on confidence is
 * that of 2001.07685 (FixMatch), which compares with the hard pseudo-label instead. Neither has a temperature in it:
 * T = 1 is their form, and `scale` is `none` unless asked for.
 * @throws TemperError without a teacher, or with shapes that do not fit.
 * @example consistency({ threshold: 0.8 })({ student, teacher, temperature: 1 })
 */
export const consistency = defineLoss({
  type: 'consistency',
  options: (ref) => z.strictObject({ threshold: z.number().min(0).max(1).default(0), ...softOptions(ref, 'none') }),
  create: ({ threshold, ...options }) =>
    softLoss((soft, x) => {
      const values = meanSquaredError(tf.softmax(soft.student), tf.softmax(soft.teacher));
      if (threshold === 0) return values;
      const sure = withoutGradient(() => tf.cast(tf.greaterEqual(tf.max(tf.softmax(x.teacher), -1), threshold), 'float32'));
      return tf.mul(values, sure);
    }, options),
});
