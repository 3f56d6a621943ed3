import * as tf from '@tensorflow/tfjs-core';
import { defineLoss } from '@temper/core';
import { z } from 'zod';
import { divergence } from './support/divergence.js';
import { logMixture, logRatio } from './support/log-ratio.js';
import { softLoss, softOptions } from './support/soft-loss.js';
import { exchanged, type Softened } from './support/softened.js';
import { withGradient } from './support/with-gradient.js';

/** Nearer to an end than this float32 cannot tell the mixture from its larger part; the ends themselves are other formulas. */
const nearest = 0.001;
const mixing = z
  .number()
  .min(0)
  .max(1)
  .refine((beta) => beta === 0 || beta === 1 || (beta >= nearest && beta <= 1 - nearest), `must be 0, 1, or from ${nearest} to ${1 - nearest}`);

/**
 * Generalised Jensen–Shannon divergence of teacher p and student q at temperature T:
 * L = β·KL(p ‖ m) + (1 − β)·KL(q ‖ m) with m = β·p + (1 − β)·q; for β = 0 it is KL(p ‖ q), for β = 1 KL(q ‖ p).
 *
 * Takes logits `[..., classes]` of both; gives `[...]`, exactly 0 for identical logits and never above log 2.
 *
 * Source: 2306.13649. As in the authors' code (and TRL) 0 and 1 are special cases: the formula itself goes to 0 at both
 * ends. Neither has a factor T², so `scale` is `none` unless asked for. TRL computes log m by adding exponentials;
 * here log(p/m) comes from log(q/p) alone, which keeps its digits where the two nearly agree.
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
 * With u = log(p/m) and v = log(q/m) the value is β Σ p u + (1 − β) Σ q v; its derivatives by p and q are β u and (1 −
 * β) v.
 */
function mixtureDivergence({ teacher, student, apart }: Softened, beta: number): tf.Tensor {
  const [p, q] = [tf.softmax(teacher), tf.softmax(student)];
  return withGradient(
    [p, q],
    () => {
      const r = tf.neg(logRatio(apart, p, q));
      const u = tf.mul(logMixture(r, 1 - beta), -beta);
      const v = tf.mul(logMixture(tf.neg(r), beta), beta - 1);
      return { value: tf.sum(tf.add(tf.mul(p, u), tf.mul(q, v)), -1), saved: { u, v } };
    },
    (dy, { u, v }) => {
      const upstream = tf.expandDims(dy, -1);
      return [tf.mul(u, upstream), tf.mul(v, upstream)];
    },
  );
}
