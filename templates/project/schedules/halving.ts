import { defineSchedule, progressOf } from '@temper/core';
import { z } from 'zod';

/** Halves the distance to `to` so many times, and ends exactly there. */
export const halving = defineSchedule({
  type: 'halving',
  options: z.strictObject({ from: z.number(), to: z.number().default(1), times: z.int().min(1).default(4) }),
  create:
    ({ from, to, times }) =>
    (at) => {
      const p = progressOf(at); // exactly 0 at the first update, exactly 1 at the last
      return p === 1 ? to : p * times < 1 ? from : to + (from - to) / 2 ** Math.floor(p * times);
    },
});
