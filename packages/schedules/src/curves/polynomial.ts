import { defineSchedule } from '@temper/core';
import { z } from 'zod';
import { positive, value } from '../options.js';
import { exactEnds } from './exact-ends.js';

/**
 * Fast at first and slow towards the end for a power above 1, the reverse for a power below 1:
 * value(p) = to + (from − to)·(1 − p)^power.
 * @example polynomial({ from: 20, to: 0, power: 2 })({ step: 50, total: 101 }) // 5
 */
export const polynomial = defineSchedule({
  type: 'polynomial',
  options: z
    .strictObject({ from: value, to: value, power: positive.default(2).describe('1 is a straight line') })
    .describe('polynomial from `from` to `to`, power `power`'),
  create: ({ from, to, power }) => exactEnds(from, to, (p) => to + (from - to) * (1 - p) ** power),
});
