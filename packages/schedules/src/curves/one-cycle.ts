import { defineSchedule, progressOf } from '@temper/core';
import { z } from 'zod';
import { value } from '../options.js';

/**
 * Up to a peak and down past the start, once (arXiv 1708.07120). With r = rise and ease(q) = (1 − cos πq)/2 (`cosine`)
 * or q (`linear`): for p < r, from + (peak − from)·ease(p/r); after it, peak + (to − peak)·ease((p − r)/(1 − r)).
 * @example oneCycle({ from: 1, peak: 10, to: 0.5, rise: 0.25 })({ step: 25, total: 101 }) // 10
 */
export const oneCycle = defineSchedule({
  type: 'one-cycle',
  options: z
    .strictObject({
      from: value,
      peak: value,
      to: value,
      rise: z.number().positive().lt(1).default(0.3).describe('progress at which the peak is reached'),
      shape: z.enum(['cosine', 'linear']).default('cosine'),
    })
    .describe('one cycle from `from` over `peak` (at progress `rise`) to `to`, `shape`'),
  create({ from, peak, to, rise, shape }) {
    const ease = shape === 'linear' ? (q: number): number => q : (q: number): number => (1 - Math.cos(Math.PI * q)) / 2;
    return (at) => {
      const p = progressOf(at);
      if (p === 1) return to;
      return p < rise ? from + (peak - from) * ease(p / rise) : peak + (to - peak) * ease((p - rise) / (1 - rise));
    };
  },
});
