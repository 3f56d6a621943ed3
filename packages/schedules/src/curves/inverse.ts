import { defineSchedule } from '@temper/core';
import { z } from 'zod';
import { positive } from '../options.js';
import { exactEnds } from './exact-ends.js';

/**
 * Inverse-time decay between two given ends; 1/T moves on a straight line (power 1), 1/T² for the inverse square root
 * (power 0.5): value(p) = ((1 − p)·from^(−1/power) + p·to^(−1/power))^(−power). Both ends are above 0.
 * @example inverse({ from: 4, to: 1 })({ step: 50, total: 101 }) // 1.6
 */
export const inverse = defineSchedule({
  type: 'inverse',
  options: z
    .strictObject({
      from: positive,
      to: positive,
      power: z.number().min(0.01).max(100).default(1).describe('1 for inverse time, 0.5 for the inverse square root'),
    })
    .describe('inverse-time decay from `from` to `to`, power `power`'),
  create({ from, to, power }) {
    const start = Math.log(from);
    const change = (start - Math.log(to)) / power;
    // In logarithms, since the powers of the formula overflow where `power` is small.
    return exactEnds(from, to, (p) => Math.exp(start - power * logOfSum(Math.log(1 - p), Math.log(p) + change)));
  },
});

/** log(e^a + e^b). */
const logOfSum = (a: number, b: number): number => Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
