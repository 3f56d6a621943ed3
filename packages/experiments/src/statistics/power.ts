import normal from '@stdlib/stats-base-dists-normal-cdf';
import { quantileOfT } from './student-t.js';

/** The maximum number of seeds. */
const most = 100_000;

/**
 * How many seeds a paired comparison needs to show a difference of this size: the smallest n of at least 2 at which the two-sided
 * t-test finds it with the given probability.
 *
 * Formula: P(|T| ≥ t(1 − α/2, n − 1)) ≥ power, with T from the noncentral t distribution with n − 1 degrees of freedom and
 * noncentrality d·√n.
 * @param effect The difference in units of the standard deviation of paired differences (Cohen's d for pairs).
 * @returns undefined where it would be more than 100,000 (also for an effect of 0).
 * @example seedsNeeded(1) // 10
 */
export function seedsNeeded(effect: number, { power = 0.8, significance = 0.05 } = {}): number | undefined {
  const size = Math.abs(effect);
  if (Number.isNaN(size)) return undefined;
  let below = 1;
  // The normal distribution gives a slightly too small number.
  let enough = Math.min(most, Math.max(2, Math.round((2.8 / size) ** 2)));
  // Power grows with n: double until it is sufficient, then bisect.
  while (powerOf(size, enough, significance) < power) {
    below = enough;
    enough *= 2;
    if (enough > most) return undefined;
  }
  while (enough - below > 1) {
    const middle = (below + enough) >> 1;
    if (powerOf(size, middle, significance) < power) below = middle;
    else enough = middle;
  }
  return enough;
}

/** Returns the probability that the two-sided paired t-test with n pairs finds an effect of this size. */
export function powerOf(effect: number, n: number, significance = 0.05): number {
  const limit = quantileOfT(1 - significance / 2, n - 1);
  const shift = Math.abs(effect) * Math.sqrt(n);
  return 1 - noncentralT(limit, n - 1, shift) + noncentralT(-limit, n - 1, shift);
}

/**
 * Returns P(T ≤ value) of the noncentral t distribution: the mean of Φ(value·s − shift) over s = √(χ²/freedom), by Simpson's rule over
 * all s with a weight above 0 in float64.
 */
function noncentralT(value: number, freedom: number, shift: number): number {
  const spread = 9 / Math.sqrt(freedom);
  const [from, to] = [Math.max(0, 1 - spread), 1 + spread];
  const steps = 4000;
  const width = (to - from) / steps;
  let weighted = 0;
  let weights = 0;
  for (let i = 0; i <= steps; i++) {
    const s = from + i * width;
    // The density of s up to a constant, which cancels with the sum of the weights.
    const density = Math.exp((freedom === 1 ? 0 : (freedom - 1) * Math.log(s)) - (freedom / 2) * (s * s - 1));
    const weight = density * (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2);
    weighted += weight * normal(value * s - shift, 0, 1);
    weights += weight;
  }
  return weighted / weights;
}
