import { defineSchedule } from '@temper/core';
import { z } from 'zod';
import { value } from '../options.js';
import { exactEnds } from './exact-ends.js';

/**
 * Straight line: value(p) = from + (to − from)·p.
 * @example linear({ from: 20, to: 1 })({ step: 99, total: 100 }) // 1
 */
export const linear = defineSchedule({
  type: 'linear',
  options: z.strictObject({ from: value, to: value }).describe('straight line from `from` to `to`'),
  create: ({ from, to }) => exactEnds(from, to, (p) => from + (to - from) * p),
});
