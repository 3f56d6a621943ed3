import { percent, type MetricFactsByName } from '@temper/core';

export { duration, percent } from '@temper/core';

/** Formats a number with four significant digits. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const isExtreme = value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e7);
  return isExtreme ? value.toExponential(2) : Number(value.toPrecision(4)).toLocaleString('en-US', { maximumFractionDigits: 8 });
}

/** Formats the value of a metric: shares in percent, all others as a plain number. */
export const figure = (value: number | undefined, facts?: MetricFactsByName[string]): string =>
  value === undefined ? '–' : facts?.unit === 'share' ? percent(value) : short(value);

/** Formats a whole number with separators. */
export const whole = (value: number): string => value.toLocaleString('en-US');

/** `1 seed`, `2 seeds`. */
export const counted = (count: number, noun: string): string => `${whole(count)} ${noun}${count === 1 ? '' : 's'}`;

/** Formats a size of files: `51.2 kB`. */
export function bytes(size: number): string {
  const [unit, power] = size < 1000 ? ['bytes', 0] : size < 1e6 ? ['kB', 3] : size < 1e9 ? ['MB', 6] : ['GB', 9];
  return `${Number((size / 10 ** (power as number)).toPrecision(3))} ${unit}`;
}
