import { defineWeighting, scheduleWithin } from '@temper/core';
import { z } from 'zod';
import { restOf } from './support/rest.js';
import { scheduledWeights } from './support/scheduled-weights.js';

/**
 * A weight for the soft loss and the remainder for the hard loss: w_soft = α, w_hard = 1 − α.
 *
 * Here α is the weight of the SOFT loss. Papers and implementations disagree: 1503.02531 gives the soft targets the larger
 * weight, and some codes write α for the hard side. α may be a schedule; it must stay within [0, 1].
 * @throws TemperError `config/invalid` for a share outside of [0, 1], with the step where a schedule leaves it.
 * @see arXiv 1503.02531
 * @example alpha(0.7)({ step: 0, total: 100 }) // { soft: 0.7, hard: 0.3 }
 */
export const alpha = defineWeighting({
  type: 'alpha',
  shorthand: 'soft',
  options: (ref) => z.strictObject({ soft: ref.schedule.describe('weight of the soft loss, from 0 to 1: a number or a schedule') }),
  create: ({ soft }) => {
    const share = scheduleWithin(soft, { path: 'soft', min: 0, max: 1 });
    return scheduledWeights(['soft', 'hard'], (at) => {
      const weight = share(at);
      return { soft: weight, hard: restOf(weight) };
    });
  },
});
