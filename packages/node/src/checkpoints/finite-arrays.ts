import { TemperError, type HostArray } from '@temper/core';

/** Returns the name of the first array with a number that is not finite; undefined where all numbers are finite. */
export function nonFiniteArray(arrays: Readonly<Record<string, HostArray>>): string | undefined {
  return Object.keys(arrays).find((name) => {
    const { dtype, data } = arrays[name] as HostArray;
    return dtype === 'float32' && !isFinite(data as Float32Array);
  });
}

/**
 * Checks arrays before they are written.
 * @throws TemperError `run/non-finite` naming the array.
 */
export function checkFinite(arrays: Readonly<Record<string, HostArray>>, what: string): void {
  const name = nonFiniteArray(arrays);
  if (name === undefined) return;
  throw new TemperError({
    code: 'run/non-finite',
    message: `"${name}" holds numbers that are not finite, so ${what} is not written`,
    hint: 'Earlier files are unchanged.',
  });
}

/** Checks in a loop, since it covers every weight: x − x is 0 for each finite number, and NaN for all others. */
function isFinite(values: Float32Array): boolean {
  for (const value of values) if (value - value !== 0) return false;
  return true;
}
