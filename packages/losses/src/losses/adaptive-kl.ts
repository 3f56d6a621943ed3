import { defineLoss, tf } from '@temper/core';
import { z } from 'zod';
import { compared, divergence } from './support/divergence.js';
import { softLoss, softOptions } from './support/soft-loss.js';
import { exchanged, type Softened } from './support/softened.js';
import { withoutGradient } from './support/without-gradient.js';

/**
 * Adaptive mixture of both directions of the divergence (AKL): L = scale · (w·KL(p ‖ q) + (1 − w)·KL(q ‖ p)) per sample, with
 * w = g_head/(g_head + g_tail), where g is Σ |p − q| over the head or the tail of the teacher's classes. The head holds the likeliest
 * classes: with `rule: 'below-threshold'` as long as the sum of their probabilities is at most `threshold`, and always the first; with
 * `rule: 'up-to-threshold'` until the sum reaches it. The weights are constants for the gradient; classes of equal probability are in the
 * same part.
 *
 * Takes logits `[..., classes]` of both; gives `[...]`, exactly 0 for identical logits.
 *
 * Source: 2404.02657. `below-threshold` is the rule of the authors' code, `up-to-threshold` that of ToDi and DSKD. Neither has a factor T²,
 * so `scale` defaults to `none`. Where both sides are equal the codes divide 0 by 0; here w is ½ there.
 * @throws TemperError without a teacher, or with shapes that do not fit.
 * @example adaptiveKl({ threshold: 0.5 })({ student, teacher, temperature: 1 })
 */
export const adaptiveKl = defineLoss({
  type: 'adaptive-kl',
  options: (ref) =>
    z.strictObject({
      threshold: z.number().min(0).max(1).default(0.5),
      rule: z.enum(['below-threshold', 'up-to-threshold']).default('below-threshold'),
      ...softOptions(ref, 'none'),
    }),
  create: ({ threshold, rule, ...options }) =>
    softLoss((soft) => {
      const weight = withoutGradient(() => headShare(soft, threshold, rule));
      return tf.add(tf.mul(weight, divergence(soft)), tf.mul(tf.sub(1, weight), divergence(exchanged(soft))));
    }, options),
});

/** Share of the head in Σ |p − q|, `[...]`. */
function headShare(soft: Softened, threshold: number, rule: 'below-threshold' | 'up-to-threshold'): tf.Tensor {
  const { p, pull } = compared(soft);
  const gap = tf.abs(pull);
  const { values } = tf.topk(p, p.shape[p.rank - 1] as number);
  // The JavaScript backend does not know the axis −1.
  const sums = tf.cumsum(values, values.rank - 1);
  const isHead = rule === 'below-threshold' ? tf.lessEqual(sums, threshold) : tf.less(tf.sub(sums, values), threshold);
  // The likeliest class belongs to the head in any case.
  const least = tf.minimum(tf.min(tf.where(isHead, values, 2), -1, true), tf.max(p, -1, true));
  const [ofHead, ofAll] = [tf.sum(tf.mul(gap, tf.cast(tf.greaterEqual(p, least), 'float32')), -1), tf.sum(gap, -1)];
  return tf.where(tf.greater(ofAll, 0), tf.div(ofHead, tf.maximum(ofAll, 1e-30)), 0.5);
}
