import { defineLoss, scheduleWithin, tf } from '@temper/core';
import { z } from 'zod';
import { hardTargets } from './support/cross-entropies.js';
import { divergence } from './support/divergence.js';
import { splitByLabel } from './support/label-and-others.js';
import { scheduledValue, withSchedules } from './support/scheduled.js';
import { softLoss, softOptions } from './support/soft-loss.js';

/**
 * Decoupled knowledge distillation: L = warmup · scale · (α·TCKD + β·NCKD), where TCKD is the divergence between the two-class
 * distributions "the label or another class", and NCKD the divergence between the distributions over the other classes. KL itself is TCKD +
 * (1 − p_label)·NCKD: a confident teacher reduces the weight of the other classes.
 *
 * Takes logits `[..., classes]` of both and labels `[...]`; gives `[...]`, exactly 0 for identical logits and for
 * labels outside of the classes. `warmup` is a schedule, for instance linear from 0 to 1.
 *
 * Source: 2203.08679. The authors' training step adds a cross-entropy and multiplies by min(epoch/20, 1) outside of
 * the loss: here the first is another term, the second is `warmup`. Their code takes the logarithm of summed
 * probabilities, which is log 0 for large logits in float32, and hides the label by subtracting 1000; here both parts
 * work on log-sum-exps.
 * @throws TemperError without a teacher or labels, or with shapes that do not fit.
 * @example dkd({ alpha: 1, beta: 8 })({ student, teacher, labels, temperature: 4 })
 */
export const dkd = defineLoss({
  type: 'dkd',
  options: (ref) =>
    z.strictObject({
      alpha: z.number().min(0).default(1),
      beta: z.number().min(0).default(8),
      warmup: ref.schedule.optional(),
      ...softOptions(ref, 'temperature-squared'),
    }),
  create: ({ alpha, beta, warmup, ...options }) => {
    const growth = warmup === undefined ? undefined : scheduleWithin(warmup, { path: 'warmup', min: 0 });
    const loss = softLoss(
      (soft, x) => {
        const label = hardTargets(x.labels, x.student);
        const { coin, others } = splitByLabel(soft, label);
        const values = tf.add(tf.mul(divergence(coin), alpha), tf.mul(divergence(others), beta));
        const counted = tf.mul(values, tf.sum(label, -1));
        return growth === undefined ? counted : tf.mul(counted, scheduledValue(x, 'warmup', growth));
      },
      options,
      ['labels'],
    );
    return growth === undefined ? loss : withSchedules(loss, { warmup: growth });
  },
});
