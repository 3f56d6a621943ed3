import { defineLoss, meanOverCounted, scheduleWithin, tf, type Loss, type LossInputs, type Schedule } from '@temper/core';
import { z } from 'zod';
import { adaptiveShare, adaptiveShareOptions } from './support/adaptive-share.js';
import { softCrossEntropy } from './support/cross-entropies.js';
import { divergence } from './support/divergence.js';
import { scheduledValue, withSchedules } from './support/scheduled.js';
import { softLoss, softOptions } from './support/soft-loss.js';
import { aligned, type Softened } from './support/softened.js';
import { withoutGradient } from './support/without-gradient.js';

/**
 * Divergence from a target that moves from the student to the teacher (TAID):
 * L = scale · KL(softmax(((1 − t)·z_s + t·z_t)/T) ‖ softmax(z_s/T)), where t is `share` and z_s in the target is a constant. At t = 0 the
 * loss is 0, at t = 1 it is `kl`. `share` is a schedule, for instance linear from 0.4 to 1. With `adaptive`, t also moves faster than
 * `share` while the loss falls: for every update m ← β·m + (1 − β)·(L₋₁ − L)/L₋₁ and
 * t ← min(end, max(share, t + rate·sigmoid(m)·(1 − t))), where L is the cross-entropy of the student with the target, measured between two
 * evaluations, and β is `momentum`. With `evaluateEvery: { steps: 1 }` this is the authors' rule to the digit.
 *
 * Takes logits `[..., classes]` of both; gives `[...]`, exactly 0 for identical logits. State: t, m and the last L.
 *
 * Source: 2501.16937 and its code, which interpolates logits, not probabilities, and has no temperature; `scale` defaults to `none`. Its
 * code returns a cross-entropy, with the same gradient. Its `adaptive` has rate 0.0005 and momentum 0.99, and holds t at its start until
 * the second update; here t follows `share` until then.
 * @throws TemperError without a teacher, or with shapes that do not fit.
 * @example taid({ share: 0.4 })({ student, teacher, temperature: 1 })
 */
export const taid = defineLoss({
  type: 'taid',
  options: (ref) =>
    z.strictObject({ share: ref.schedule.optional(), adaptive: adaptiveShareOptions.optional(), ...softOptions(ref, 'none') }),
  create: ({ share = usual, adaptive, ...options }) => {
    const within = scheduleWithin(share, { path: 'share', min: 0, max: 1 });
    const mixed = (soft: Softened, x: LossInputs): Softened => {
      // The share of a loss with a state is known only from the loop.
      const t = scheduledValue(x, 'share', adaptive === undefined ? within : unknown);
      const own = withoutGradient(() => tf.mul(soft.student, tf.sub(1, t)));
      const target = tf.add(own, tf.mul(soft.teacher, t));
      return aligned({ student: soft.student, teacher: target, apart: withoutGradient(() => tf.mul(soft.apart, t)) });
    };
    if (adaptive === undefined)
      return withSchedules(
        softLoss((soft, x) => divergence(mixed(soft, x)), options),
        { share: within },
      );
    const measured = softLoss((soft, x) => softCrossEntropy(mixed(soft, x)), { scale: 'none' });
    const measure: Loss['measure'] = (x) =>
      tf.tidy(() => ({ crossEntropy: withoutGradient(() => meanOverCounted(measured(x), x.mask)) as tf.Scalar }));
    return softLoss((soft, x) => divergence(mixed(soft, x)), options, [], { ...adaptiveShare(within, adaptive), measure });
  },
});

/** Linear from 0.4 to 1, the authors' line. */
const usual: Schedule = ({ step, total }) => (step >= total - 1 ? 1 : 0.4 + (0.6 * step) / (total - 1));

const unknown: Schedule = ({ step }) => step;
