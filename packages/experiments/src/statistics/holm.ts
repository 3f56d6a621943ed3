/**
 * Corrects the p-values of several comparisons by Holm's method, which keeps the probability of any false finding below the
 * significance: the smallest is multiplied by their number m, the next by m − 1, …, and none becomes smaller than one before it.
 * @returns The corrected values in the order of the given ones, at most 1.
 * @see Holm, A simple sequentially rejective multiple test procedure, 1979
 * @example holm([0.01, 0.04, 0.03]) // [0.03, 0.06, 0.06]
 */
export function holm(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => (values[a] as number) - (values[b] as number));
  const corrected = new Array<number>(values.length);
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (values.length - rank) * (values[index] as number)));
    corrected[index] = largest;
  });
  return corrected;
}
