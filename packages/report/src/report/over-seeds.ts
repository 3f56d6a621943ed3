import { mean } from '@temper/experiments';
import type { Point } from './thin.js';

/** A curve of several seeds: their mean, and the range from the smallest to the largest value. */
export interface SeedCurve {
  readonly line: readonly Point[];
  /** Absent for one seed. */
  readonly band?: readonly (readonly [step: number, low: number, high: number])[];
}

/** The maximum number of updates at which curves of several seeds are combined. */
const mostSteps = 80;

/** Combines the curves of several seeds: values between two records are interpolated linearly. */
export function overSeeds(curves: readonly (readonly Point[])[]): SeedCurve | undefined {
  const some = curves.filter((points) => points.length > 0);
  const [first] = some;
  if (first === undefined) return undefined;
  if (some.length === 1) return { line: first };
  const steps = gridOf(some);
  const band = steps.map((step) => {
    const values = some.flatMap((points) => valueAt(points, step) ?? []);
    return { step, middle: mean(values), low: Math.min(...values), high: Math.max(...values) };
  });
  return {
    line: band.map(({ step, middle }) => [step, middle] as const),
    band: band.map(({ step, low, high }) => [step, low, high] as const),
  };
}

/** Returns the updates of all curves, or evenly spaced ones of very many. */
function gridOf(curves: readonly (readonly Point[])[]): readonly number[] {
  const all = [...new Set(curves.flatMap((points) => points.map(([step]) => step)))].sort((a, b) => a - b);
  if (all.length <= mostSteps) return all;
  return [...new Set(Array.from({ length: mostSteps }, (_, i) => all[Math.round((i * (all.length - 1)) / (mostSteps - 1))] as number))];
}

/** Returns the value at an update; undefined before the first record and after the last. */
function valueAt(points: readonly Point[], step: number): number | undefined {
  const after = points.findIndex(([at]) => at >= step);
  if (after < 0) return undefined;
  const [right, high] = points[after] as Point;
  if (right === step) return high;
  const before = points[after - 1];
  return before === undefined ? undefined : before[1] + ((high - before[1]) * (step - before[0])) / (right - before[0]);
}
