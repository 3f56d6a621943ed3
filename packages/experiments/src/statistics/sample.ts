/** Returns the mean of some numbers; NaN for none. */
export const mean = (values: readonly number[]): number => sum(values) / values.length;

/** Returns the standard deviation of a sample, with n − 1 as the divisor; NaN for fewer than two values. */
export function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) return NaN;
  const middle = mean(values);
  return Math.sqrt(sum(values.map((value) => (value - middle) ** 2)) / (values.length - 1));
}

/** Neumaier summation: the rounding errors of the additions are added at the end. */
function sum(values: readonly number[]): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}
