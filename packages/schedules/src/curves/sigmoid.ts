import { defineSchedule } from '@temper/core';
import { z } from 'zod';
import { positive, value } from '../options.js';
import { exactEnds } from './exact-ends.js';

/**
 * Slow, then fast around `center`, then slow. With σ(x) = 1/(1 + e^−x) and s(p) = σ(steepness·(p − center)):
 * value(p) = from + (to − from)·(s(p) − s(0))/(s(1) − s(0)), which reaches both ends.
 * @example sigmoid({ from: 20, to: 1 })({ step: 50, total: 101 }) // 10.5
 */
export const sigmoid = defineSchedule({
  type: 'sigmoid',
  options: z
    .strictObject({
      from: value,
      to: value,
      center: z.number().min(0).max(1).default(0.5).describe('progress at which it is steepest'),
      steepness: positive.max(1000).default(10).describe('slope at the center; a small value gives nearly a straight line'),
    })
    .describe('sigmoid from `from` to `to`, steepest at progress `center`'),
  create({ from, to, center, steepness }) {
    // tanh is σ up to scale and shift, and stays accurate around 0, as a flat sigmoid needs.
    const s = (p: number): number => Math.tanh((steepness * (p - center)) / 2);
    const start = s(0);
    const range = s(1) - start;
    return exactEnds(from, to, (p) => from + ((to - from) * (s(p) - start)) / range);
  },
});
