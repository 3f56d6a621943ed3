import { defineLoss, scheduleWithin, tf, type Schedule } from '@temper/core';
import { z } from 'zod';
import { divergence } from './support/divergence.js';
import { scheduledValue, withSchedules } from './support/scheduled.js';
import { softLoss, softOptions } from './support/soft-loss.js';
import { aligned } from './support/softened.js';
import { withoutGradient } from './support/without-gradient.js';

/**
 * Divergence from a target that moves from the student to the teacher (TAID):
 * L = scale · KL(softmax(((1 − t)·z_s + t·z_t)/T) ‖ softmax(z_s/T)), where t is `share` and z_s in the target is a constant. At t = 0 the
 * loss is 0, at t = 1 it is `kl`. `share` is a schedule, for instance linear from 0.4 to 1.
 *
 * Takes logits `[..., classes]` of both; gives `[...]`, exactly 0 for identical logits.
 *
 * Source: 2501.16937 and its code, which interpolates logits, not probabilities, and has no temperature; `scale` defaults to `none`. Its
 * code returns a cross-entropy, with the same gradient. The authors may also move t faster than its line while the loss falls; here t
 * follows its schedule alone.
 * @throws TemperError without a teacher, or with shapes that do not fit.
 * @example taid({ share: 0.4 })({ student, teacher, temperature: 1 })
 */
export const taid = defineLoss({
  type: 'taid',
  options: (ref) => z.strictObject({ share: ref.schedule.optional(), ...softOptions(ref, 'none') }),
  create: ({ share = usual, ...options }) => {
    const within = scheduleWithin(share, { path: 'share', min: 0, max: 1 });
    const loss = softLoss((soft, x) => {
      const t = scheduledValue(x, 'share', within);
      const rest = tf.sub(1, t);
      const target = tf.add(
        tf.mul(
          withoutGradient(() => tf.clone(soft.student)),
          rest,
        ),
        tf.mul(soft.teacher, t),
      );
      return divergence(aligned({ student: soft.student, teacher: target, apart: withoutGradient(() => tf.mul(soft.apart, t)) }));
    }, options);
    return withSchedules(loss, { share: within });
  },
});

/** Linear from 0.4 to 1, the authors' line. */
const usual: Schedule = ({ step, total }) => (step >= total - 1 ? 1 : 0.4 + (0.6 * step) / (total - 1));
