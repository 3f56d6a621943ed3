export type Table = readonly (readonly number[])[];

/** Numbers that look random, as multiples of what float32 holds. */
export const logits = (size: number, phase: number): number[][] =>
  [0, 1, 2, 3].map((row) => [0, 1, 2, 3, 4].map((column) => Math.fround(size * Math.sin(7.3 * row + 3.1 * column + phase))));
