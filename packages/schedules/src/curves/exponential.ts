import { defineSchedule } from '@temper/core';
import { z } from 'zod';
import { positive } from '../options.js';
import { exactEnds } from './exact-ends.js';

/**
 * Multiplies by the same factor at every update, a straight line in log T: value(p) = from · (to/from)^p. Both ends must be above 0.
 * @example exponential({ from: 16, to: 1 })({ step: 50, total: 101 }) // 4
 */
export const exponential = defineSchedule({
  type: 'exponential',
  options: z.strictObject({ from: positive, to: positive }).describe('exponential from `from` to `to`'),
  create({ from, to }) {
    const start = Math.log(from);
    const change = Math.log(to) - start;
    return exactEnds(from, to, (p) => Math.exp(start + change * p));
  },
});
