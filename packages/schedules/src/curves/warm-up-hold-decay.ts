import { defineSchedule } from '@temper/core';
import { z } from 'zod';
import { length, updatesIn } from '../length.js';
import { withinTotal } from '../local-progress.js';
import { value } from '../options.js';

/**
 * Rises in a straight line, holds, and decays. With W warm-up updates, H at the peak and D remaining: update i < W has
 * from + (peak − from)·i/W; the next H have the peak; the j-th after those (from 0) is at (j + 1)/D of the way from
 * peak to `to`, so that exactly H updates are at the peak and the last one is at `to`. If D is 0, it ends at the peak.
 * @example warmUpHoldDecay({ from: 0, peak: 1, to: 0.1, warmUp: { steps: 10 }, hold: { steps: 20 } })({ step: 5, total: 100 }) // 0.5
 */
export const warmUpHoldDecay = defineSchedule({
  type: 'warm-up-hold-decay',
  options: z
    .strictObject({
      from: value,
      peak: value,
      to: value,
      warmUp: length,
      hold: length,
      decay: z.enum(['linear', 'cosine']).default('cosine').describe('shape of the decay'),
    })
    .describe('warm-up from `from` to `peak` over `warmUp`, hold for `hold`, then `decay` decay to `to`'),
  create({ from, peak, to, warmUp, hold, decay }) {
    const [warming, holding] = [updatesIn(warmUp), updatesIn(hold)];
    const left = decay === 'linear' ? (p: number): number => 1 - p : (p: number): number => (1 + Math.cos(Math.PI * p)) / 2;
    return (at) => {
      const { step, total } = withinTotal(at);
      const warm = Math.round(warming(at));
      if (step < warm) return from + ((peak - from) * step) / warm;
      const past = step - warm - Math.round(holding(at)) + 1;
      if (past <= 0) return peak;
      return step === total - 1 ? to : to + (peak - to) * left(past / (past + total - 1 - step));
    };
  },
});
