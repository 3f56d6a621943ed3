/**
 * Returns 1 − share, rounded to fifteen digits, so that 0.7 gives 0.3 and not 0.30000000000000004.
 */
export const restOf = (share: number): number => Number((1 - share).toPrecision(15));
