import { defineLoss, tf } from '@temper/core';
import { z } from 'zod';
import { compared, divergence, information, logRatio } from './support/divergence.js';
import { alongSimplex } from './support/probabilities.js';
import { logMixture } from './support/log-mixture.js';
import { softLoss, softOptions } from './support/soft-loss.js';
import { exchanged, type Softened } from './support/softened.js';
import { withGradient } from './support/with-gradient.js';

/** Nearer to an end than this, float32 cannot distinguish the mixture from its larger part; the ends have formulas of their own. */
const nearest = 0.001;
const mixing = z
  .number()
  .min(0)
  .max(1)
  .refine(
    (beta) => beta === 0 || beta === 1 || (beta >= nearest && beta <= 1 - nearest),
    `must be 0, 1, or from ${nearest} to ${1 - nearest}`,
  );

/**
 * Generalised Jensen–Shannon divergence of teacher p and student q at temperature T:
 * L = β·KL(p ‖ m) + (1 − β)·KL(q ‖ m) with m = β·p + (1 − β)·q; for β = 0 it is KL(p ‖ q), for β = 1 KL(q ‖ p).
 *
 * Takes logits `[..., classes]` of both; gives `[...]`, exactly 0 for identical logits and never above log 2.
 *
 * Source: 2306.13649. As in the authors' code (and TRL) 0 and 1 are special cases: the formula itself goes to 0 at both
 * ends. Neither has a factor T², so `scale` defaults to `none`. TRL computes log m by adding exponentials;
 * here log(p/m) comes from log(q/p) alone, which stays accurate where the two nearly agree.
 * @throws TemperError without a teacher, or with shapes that do not fit.
 * @example generalizedJsd({ beta: 0.1 })({ student, teacher, temperature: 1 })
 */
export const generalizedJsd = defineLoss({
  type: 'generalized-jsd',
  options: (ref) => z.strictObject({ beta: mixing.default(0.5), ...softOptions(ref, 'none') }),
  create: ({ beta, ...options }) =>
    softLoss((soft) => {
      if (beta === 0) return divergence(soft);
      if (beta === 1) return divergence(exchanged(soft));
      return mixtureDivergence(soft, beta);
    }, options),
});

/**
 * With u = log(p/m) and v = log(q/m) the value is β Σ p u − (p − m) + (1 − β) Σ q v − (q − m), of which no term is a
 * difference of nearly equal numbers; its derivatives by p and q are β u and (1 − β) v.
 */
function mixtureDivergence(soft: Softened, beta: number): tf.Tensor {
  const rest = 1 - beta;
  return withGradient(
    [soft.teacher, soft.student],
    () => {
      const { p, q, pull, ...others } = compared(soft);
      const m = tf.add(tf.mul(p, beta), tf.mul(q, rest));
      const r = logRatio(others);
      const [u, v] = [tf.neg(logMixture(tf.neg(r), rest)), tf.neg(logMixture(r, beta))];
      const ofP = information({ u: tf.mul(u, 0.5), difference: tf.mul(pull, rest), both: tf.add(p, m) });
      const ofQ = information({ u: tf.mul(v, 0.5), difference: tf.mul(pull, -beta), both: tf.add(q, m) });
      return { value: tf.add(tf.mul(ofP, beta), tf.mul(ofQ, rest)), saved: { p, q, u, v } };
    },
    (dy, { p, q, u, v }) => {
      const upstream = tf.expandDims(dy, -1);
      return [tf.mul(alongSimplex(p, u), tf.mul(upstream, beta)), tf.mul(alongSimplex(q, v), tf.mul(upstream, rest))];
    },
  );
}
