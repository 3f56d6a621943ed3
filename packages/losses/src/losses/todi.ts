import { defineLoss, tf } from '@temper/core';
import { z } from 'zod';
import { compared, logRatio } from './support/divergence.js';
import { softLoss, softOptions } from './support/soft-loss.js';
import type { Softened } from './support/softened.js';
import { withGradient } from './support/with-gradient.js';

/**
 * Token-wise mixture of both directions of the divergence (ToDi): for each class
 * L = scale · Σ_c a_c·p_c·log(p_c/q_c) + (1 − a_c)·q_c·log(q_c/p_c) with a_c = p_c/(p_c + q_c). Classes that the student underrates are
 * pulled up by the forward direction, and those that it overrates pushed down by the reverse one. The weights a are constants for the
 * gradient.
 *
 * Takes logits `[..., classes]` of both; gives `[...]`, exactly 0 for identical logits.
 *
 * Source: 2505.16297 and its code: probabilities at T, no factor T², so `scale` defaults to `none`. The value is Σ (p − q)·log(p/q), which
 * is how it is computed here.
 * @throws TemperError without a teacher, or with shapes that do not fit.
 * @example todi()({ student, teacher, temperature: 1 })
 */
export const todi = defineLoss({
  type: 'todi',
  options: (ref) => z.strictObject(softOptions(ref, 'none')),
  create: (options) => softLoss(mixedDivergence, options),
});

/** With r = log(p/q) the gradients times p and q are (p − q) + a p r for the teacher, and −(p − q) − (1 − a) q r for the student. */
function mixedDivergence(soft: Softened): tf.Tensor {
  return withGradient(
    [soft.teacher, soft.student],
    () => {
      const { p, q, pull, u, excess } = compared(soft);
      return { value: tf.mul(tf.sum(tf.mul(pull, u), -1), 2), saved: { p, q, pull, r: logRatio({ u, excess }) } };
    },
    (dy, { p, q, pull, r }) => {
      const upstream = tf.expandDims(dy, -1);
      const ofTeacher = tf.mul(tf.mul(p, r), tf.sigmoid(r));
      const ofStudent = tf.mul(tf.mul(q, r), tf.sigmoid(tf.neg(r)));
      const along = (own: tf.Tensor, weighted: tf.Tensor): tf.Tensor =>
        tf.add(pull, tf.sub(weighted, tf.mul(own, tf.sum(weighted, -1, true))));
      return [tf.mul(along(p, ofTeacher), upstream), tf.mul(along(q, ofStudent), tf.neg(upstream))];
    },
  );
}
