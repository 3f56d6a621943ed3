import cdf from '@stdlib/stats-base-dists-t-cdf';
import quantile from '@stdlib/stats-base-dists-t-quantile';

/** The value that Student's t with this many degrees of freedom stays below with probability `p`. */
export const quantileOfT = (p: number, freedom: number): number => quantile(p, freedom);

/** Probability that |t| with this many degrees of freedom is at least |value|: the two-sided p-value. */
export const twoSidedP = (value: number, freedom: number): number => 2 * cdf(-Math.abs(value), freedom);
