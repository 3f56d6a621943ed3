/** The ends of an axis, and the distance of its labels. */
export interface Ticks {
  readonly min: number;
  readonly max: number;
  readonly interval: number;
}

/** Returns 1, 2 or 5 times a power of ten: the smallest such number that divides a length into at most `most` parts. */
export function roundPart(length: number, most: number): number {
  const power = 10 ** Math.floor(Math.log10(length / most));
  // Rounding must not add a part.
  const digit = [1, 2, 5].find((one) => one * power * most >= length * (1 - 1e-9)) ?? 10;
  return Number((digit * power).toPrecision(12));
}

/**
 * Returns round ends around some values. An axis begins at 0 where the values are nearer to 0 than to each other; values far from 0, like
 * accuracies near 1, fill their axis.
 * @example ticksAround([0.88, 0.96], 4) // { min: 0.88, max: 0.96, interval: 0.02 }
 */
export function ticksAround(values: readonly number[], most: number): Ticks {
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const largest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!Number.isFinite(largest - least)) return { min: 0, max: 1, interval: 0.5 };
  const [low, high] = isFlat(least, largest) ? aroundOne(least) : aroundSeveral(least, largest);
  const interval = roundPart(high - low, most);
  const round = (value: number): number => Number((value * interval).toPrecision(12));
  return { min: round(Math.floor(low / interval + 1e-9)), max: round(Math.ceil(high / interval - 1e-9)), interval };
}

/** Returns whether values differ only by rounding. */
const isFlat = (least: number, largest: number): boolean => largest - least <= 1e-9 * Math.max(Math.abs(least), Math.abs(largest));

/** Returns the range around a single value: the value is in the middle, and 0 is at the lower end. */
function aroundOne(value: number): readonly [low: number, high: number] {
  const half = Math.abs(value) / 20 || 1;
  return value === 0 ? [0, half] : [value - half, value + half];
}

function aroundSeveral(least: number, largest: number): readonly [low: number, high: number] {
  const isNearZero = Math.min(Math.abs(least), Math.abs(largest)) < largest - least;
  return [isNearZero && least > 0 ? 0 : least, isNearZero && largest < 0 ? 0 : largest];
}
