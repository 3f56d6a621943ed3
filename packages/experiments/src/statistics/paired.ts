import { tInterval, type Interval } from './interval.js';
import { mean, standardDeviation } from './sample.js';
import { twoSidedP } from './student-t.js';

/** The comparison of a variant with a baseline over the same seeds. */
export interface PairedComparison {
  /** The number of pairs. */
  readonly n: number;
  /** The mean of variant − baseline. */
  readonly difference: number;
  /** Absent for a single pair. */
  readonly interval?: Interval;
  /** The p-value of the two-sided paired t-test, not corrected; absent for a single pair. */
  readonly p?: number;
  /** The difference in units of the standard deviation of differences (Cohen's d for pairs); absent where that is 0. */
  readonly effect?: number;
}

/**
 * Compares two lists of results whose entries belong together: the same seed, so the same split, start and order of batches. Pairs take out
 * what differs between seeds for both alike.
 * @throws RangeError for lists of different or no length.
 * @example compareInPairs([0.93, 0.95, 0.94], [0.92, 0.92, 0.93]).difference // 0.0167
 */
export function compareInPairs(variant: readonly number[], baseline: readonly number[], level = 0.95): PairedComparison {
  const n = variant.length;
  if (n === 0 || n !== baseline.length) throw new RangeError(`pairs need two lists of one length, got ${n} and ${baseline.length} values`);
  const differences = variant.map((value, i) => value - (baseline[i] as number));
  const difference = mean(differences);
  const interval = tInterval(differences, level);
  if (interval === undefined) return { n, difference };
  const deviation = standardDeviation(differences);
  // Differences that are all equal are certain, or there is no difference.
  if (deviation === 0) return { n, difference, interval, p: difference === 0 ? 1 : 0 };
  const effect = difference / deviation;
  return { n, difference, interval, p: twoSidedP(effect * Math.sqrt(n), n - 1), effect };
}
