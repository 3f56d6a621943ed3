import { createRandom } from '@temper/core';
import { mean, standardDeviation } from './sample.js';
import { quantileOfT } from './student-t.js';

/** A range that contains the true value in a stated share of all experiments. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * An interval for the mean by Student's t: mean ± t · s / √n with n − 1 degrees of freedom. Right for values that are spread
 * normally, and near it for accuracies of a handful of seeds.
 * @param level Share of experiments in which the interval holds the true mean, for instance 0.95.
 * @returns undefined for fewer than two values: one value does not tell how much values vary.
 * @example tInterval([0.91, 0.93, 0.92]) // { low: 0.8952, high: 0.9448 }
 */
export function tInterval(values: readonly number[], level = 0.95): Interval | undefined {
  if (values.length < 2) return undefined;
  const half = (quantileOfT((1 + level) / 2, values.length - 1) * standardDeviation(values)) / Math.sqrt(values.length);
  const middle = mean(values);
  return { low: middle - half, high: middle + half };
}

/**
 * An interval for the mean by the percentile bootstrap: the range of the means of many samples drawn from the values with replacement. It
 * assumes no shape, but is too narrow for fewer than some ten values; look at it beside the interval by t.
 * @param seed The same values and seed give the same interval.
 * @returns undefined for fewer than two values.
 * @see Efron, Bootstrap methods: another look at the jackknife, 1979
 */
export function bootstrapInterval(values: readonly number[], { level = 0.95, resamples = 9999, seed = 0 } = {}): Interval | undefined {
  const size = values.length;
  if (size < 2) return undefined;
  const stream = createRandom(seed).stream('bootstrap');
  const means = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += values[stream.integer(size)] as number;
    means[i] = sum / size;
  }
  means.sort();
  return { low: quantileOf(means, (1 - level) / 2), high: quantileOf(means, (1 + level) / 2) };
}

/** Returns the quantile of sorted values, with linear interpolation. */
function quantileOf(sorted: ArrayLike<number>, p: number): number {
  const place = p * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number];
  return below + (above - below) * (place - Math.floor(place));
}
