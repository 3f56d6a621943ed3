import { defineLoss, tf } from '@temper/core';
import { z } from 'zod';
import { compared } from './support/divergence.js';
import { alongSimplex } from './support/probabilities.js';
import { softLoss, softOptions } from './support/soft-loss.js';
import type { Softened } from './support/softened.js';
import { withGradient } from './support/with-gradient.js';
import { withoutGradient } from './support/without-gradient.js';

/**
 * Label-free consistency, for data without labels: L = scale · c · (1/classes) Σ_c (softmax(z_s/T)_c −
 * softmax(z_t/T)_c)², with c = 1 where the teacher's largest probability at temperature 1 is at least `threshold`,
 * else 0.
 *
 * Takes logits `[..., classes]` of both; gives `[...]`, at most 2/classes, which bounds the effect of a wrong teacher. Labels are not used,
 * so unlabelled samples may be mixed with labelled ones.
 *
 * Source: 1703.01780 (mean teacher), whose code takes the mean over classes as here; the threshold on confidence is
 * that of 2001.07685 (FixMatch), which compares with the hard pseudo-label instead. Neither has a temperature in it:
 * T = 1 is their form, and `scale` defaults to `none`.
 * @throws TemperError without a teacher, or with shapes that do not fit.
 * @example consistency({ threshold: 0.8 })({ student, teacher, temperature: 1 })
 */
export const consistency = defineLoss({
  type: 'consistency',
  options: (ref) => z.strictObject({ threshold: z.number().min(0).max(1).default(0), ...softOptions(ref, 'none') }),
  create: ({ threshold, ...options }) =>
    softLoss((soft, x) => {
      const values = meanSquaredDistance(soft);
      if (threshold === 0) return values;
      const sure = withoutGradient(() => tf.cast(tf.greaterEqual(tf.max(tf.softmax(x.teacher), -1), threshold), 'float32'));
      return tf.mul(values, sure);
    }, options),
});

/** Mean over the classes of (p − q)², `[..., classes]` to `[...]`, which stays accurate where the two nearly agree. */
function meanSquaredDistance(soft: Softened): tf.Tensor {
  const classes = soft.student.shape[soft.student.rank - 1] as number;
  return withGradient(
    [soft.teacher, soft.student],
    () => {
      const { p, q, pull } = compared(soft);
      return { value: tf.mean(tf.square(pull), -1), saved: { p, q, pull } };
    },
    (dy, { p, q, pull }) => {
      const upstream = tf.expandDims(tf.mul(dy, 2 / classes), -1);
      return [tf.mul(alongSimplex(p, pull), upstream), tf.mul(alongSimplex(q, pull), tf.neg(upstream))];
    },
  );
}
