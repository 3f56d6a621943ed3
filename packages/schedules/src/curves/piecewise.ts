import { defineSchedule, progressOf, TemperError, type Progress } from '@temper/core';
import { z } from 'zod';
import { withinTotal } from '../local-progress.js';
import { value } from '../options.js';

interface Point {
  readonly at: number;
  readonly value: number;
}

/**
 * A curve through given points: straight lines (`linear`), a smooth curve that never overshoots (`monotone`, Steffen 1990), or steps
 * (`hold`). Constant before the first and after the last point. The positions `at` are shares of the stage (0 to 1), steps or epochs.
 * @example piecewise({ points: [{ at: 0, value: 20 }, { at: 0.5, value: 4 }, { at: 1, value: 1 }] })({ step: 25, total: 101 }) // 12
 */
export const piecewise = defineSchedule({
  type: 'piecewise',
  options: z
    .strictObject({
      points: z.array(z.strictObject({ at: z.number().min(0), value })).min(1),
      unit: z.enum(['fraction', 'steps', 'epochs']).default('fraction').describe('unit of `at`'),
      between: z.enum(['linear', 'monotone', 'hold']).default('linear').describe('how the curve joins the points'),
    })
    .superRefine(({ points, unit }, context) => {
      points.forEach(({ at }, i) => {
        const before = points[i - 1];
        if (before !== undefined && at <= before.at)
          context.addIssue({
            code: 'custom',
            path: ['points', i, 'at'],
            message: `must be above ${before.at}, the place of the point before, got ${at}`,
          });
        if (unit === 'fraction' && at > 1)
          context.addIssue({
            code: 'custom',
            path: ['points', i, 'at'],
            message: `must be at most 1 where places are fractions, got ${at}`,
          });
      });
    })
    .describe('through `points` (at in `unit`, joined by `between`)'),
  create({ points, unit, between }) {
    const place = placeIn[unit];
    const join = joins[between](points);
    const first = points[0] as Point;
    const last = points[points.length - 1] as Point;
    return (at) => {
      const x = place(at);
      if (x <= first.at) return first.value;
      if (x >= last.at) return last.value;
      let i = 0;
      while (x >= (points[i + 1] as Point).at) i++;
      return join(i, x);
    };
  },
});

const placeIn = {
  fraction: progressOf,
  steps: (at: Progress) => withinTotal(at).step,
  epochs(at: Progress) {
    if (at.stepsPerEpoch !== undefined) return withinTotal(at).step / at.stepsPerEpoch;
    throw new TemperError({
      code: 'config/invalid',
      message: 'piecewise counts epochs, and the number of updates in an epoch is not known',
      hint: 'Pass stepsPerEpoch together with step and total, as the training loop does, or use unit: "fraction".',
    });
  },
};

/** The value at x, which lies in [points[i].at, points[i + 1].at). */
type Join = (points: readonly Point[]) => (i: number, x: number) => number;

const hold: Join = (points) => (i) => (points[i] as Point).value;

const linear: Join = (points) => {
  const slopes = slopesOf(points);
  return (i, x) => {
    const { at, value } = points[i] as Point;
    return value + (slopes[i] as number) * (x - at);
  };
};

/** Cubic Hermite pieces whose tangents are small enough that no piece leaves the range of its two points. */
const monotone: Join = (points) => {
  const slopes = slopesOf(points);
  const tangents = points.map((_, i) => tangentAt(points, slopes, i));
  return (i, x) => {
    const { at, value } = points[i] as Point;
    const width = (points[i + 1] as Point).at - at;
    const [slope, start, end] = [slopes[i], tangents[i], tangents[i + 1]] as [number, number, number];
    const dx = x - at;
    const t = dx / width;
    return value + dx * (start + t * (3 * slope - 2 * start - end + t * (start + end - 2 * slope)));
  };
};

const joins = { hold, linear, monotone };

const slopesOf = (points: readonly Point[]): readonly number[] =>
  points.slice(1).map(({ at, value }, i) => (value - (points[i] as Point).value) / (at - (points[i] as Point).at));

function tangentAt(points: readonly Point[], slopes: readonly number[], i: number): number {
  const inner = (k: number): number => {
    const [before, after] = [slopes[k - 1], slopes[k]] as [number, number];
    const [left, here, right] = [points[k - 1], points[k], points[k + 1]] as [Point, Point, Point];
    const [near, far] = [here.at - left.at, right.at - here.at];
    const weighed = (before * far + after * near) / (near + far);
    return (Math.sign(before) + Math.sign(after)) * Math.min(Math.abs(before), Math.abs(after), Math.abs(weighed) / 2);
  };
  const last = points.length - 1;
  if (last <= 1) return slopes[0] ?? 0;
  if (i === 0) return (3 * (slopes[0] as number) - inner(1)) / 2;
  if (i === last) return (3 * (slopes[last - 1] as number) - inner(last - 1)) / 2;
  return inner(i);
}
