import { defineLoss, tf } from '@temper/core';
import { z } from 'zod';
import { compared, divergence, information, logRatio } from './support/divergence.js';
import { logMixture } from './support/log-mixture.js';
import { alongSimplex } from './support/probabilities.js';
import { softLoss, softOptions } from './support/soft-loss.js';
import { exchanged, type Softened } from './support/softened.js';
import { withGradient } from './support/with-gradient.js';

/** Nearer to an end than this, float32 cannot distinguish the mixture from its larger part; 0 has a formula of its own. */
const nearest = 0.001;
const mixing = z
  .number()
  .min(0)
  .max(1 - nearest)
  .refine((skew) => skew === 0 || skew >= nearest, `must be 0, or from ${nearest} to ${1 - nearest}`);

/**
 * Skewed divergence of teacher p and student q at temperature T: L = scale · KL(p ‖ λ·p + (1 − λ)·q), or with `direction: 'reverse'`
 * KL(q ‖ λ·q + (1 − λ)·p), with λ = `skew`. The mixture bounds the loss by −log λ and its gradient by 1/λ, where a divergence of
 * distributions that hardly overlap is very large. λ = 0 is `kl`.
 *
 * Takes logits `[..., classes]` of both; gives `[...]`, exactly 0 for identical logits.
 *
 * Source: 2402.03898 (DistiLLM), whose alpha is λ. Its code has no temperature and takes the logarithm of the mixture, which is NaN in
 * float32 where both probabilities underflow; here log(p/m) comes from log(q/p) alone. `scale` defaults to `none`, as theirs.
 * @throws TemperError without a teacher, or with shapes that do not fit.
 * @example skewKl({ skew: 0.1 })({ student, teacher, temperature: 1 })
 */
export const skewKl = defineLoss({
  type: 'skew-kl',
  options: (ref) =>
    z.strictObject({
      direction: z.enum(['forward', 'reverse']).default('forward'),
      skew: mixing.default(0.1),
      ...softOptions(ref, 'none'),
    }),
  create: ({ direction, skew, ...options }) =>
    softLoss((soft) => {
      const ordered = direction === 'forward' ? soft : exchanged(soft);
      return skew === 0 ? divergence(ordered) : skewed(ordered, skew);
    }, options),
});

/**
 * With m = λ p + (1 − λ) q and u = log(p/m) the value is Σ p u − (p − m), of which no term is a difference of nearly equal numbers. Its
 * derivatives by p and q are u − λ e^u and −(1 − λ) e^u, up to constants that do not count along the simplex.
 */
function skewed(soft: Softened, skew: number): tf.Tensor {
  const rest = 1 - skew;
  return withGradient(
    [soft.teacher, soft.student],
    () => {
      const { p, q, pull, ...others } = compared(soft);
      const m = tf.add(tf.mul(p, skew), tf.mul(q, rest));
      const u = tf.neg(logMixture(tf.neg(logRatio(others)), rest));
      return { value: information({ u: tf.mul(u, 0.5), difference: tf.mul(pull, rest), both: tf.add(p, m) }), saved: { p, q, u } };
    },
    (dy, { p, q, u }) => {
      const [upstream, growth] = [tf.expandDims(dy, -1), tf.expm1(u)];
      return [tf.mul(alongSimplex(p, tf.sub(u, tf.mul(growth, skew))), upstream), tf.mul(alongSimplex(q, growth), tf.mul(upstream, -rest))];
    },
  );
}
