/**
 * What a share leaves: 1 − share, in the fifteen digits that a double holds of a decimal, so that 0.7 leaves 0.3
 * and not 0.30000000000000004.
 */
export const restOf = (share: number): number => Number((1 - share).toPrecision(15));
