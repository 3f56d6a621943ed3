import { defineSchedule } from '@temper/core';
import { z } from 'zod';
import { value } from '../options.js';
import { exactEnds } from './exact-ends.js';

/**
 * Half a cosine wave, flat at both ends: value(p) = to + (from − to)·(1 + cos πp)/2 (arXiv 1608.03983, one cycle).
 * @example cosine({ from: 20, to: 1 })({ step: 50, total: 101 }) // 10.5
 */
export const cosine = defineSchedule({
  type: 'cosine',
  options: z.strictObject({ from: value, to: value }).describe('cosine from `from` to `to`'),
  create: ({ from, to }) => exactEnds(from, to, (p) => to + ((from - to) * (1 + Math.cos(Math.PI * p))) / 2),
});
