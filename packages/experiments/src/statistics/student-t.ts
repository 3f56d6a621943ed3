import cdf from '@stdlib/stats-base-dists-t-cdf';
import quantile from '@stdlib/stats-base-dists-t-quantile';

/** Returns the value below which Student's t with this many degrees of freedom is with probability `p`. */
export const quantileOfT = (p: number, freedom: number): number => quantile(p, freedom);

/** Returns the probability that |t| with this many degrees of freedom is at least |value|: the two-sided p-value. */
export const twoSidedP = (value: number, freedom: number): number => 2 * cdf(-Math.abs(value), freedom);
