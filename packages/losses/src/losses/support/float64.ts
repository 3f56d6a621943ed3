// Formulas in float64, for tests; not part of the package's API.

/** log softmax(z/T). */
export function logSoftmax(logits: readonly number[], temperature: number): number[] {
  const most = Math.max(...logits);
  const soft = logits.map((z) => (z - most) / temperature);
  const sum = Math.log(soft.reduce((total, one) => total + Math.exp(one), 0));
  return soft.map((one) => one - sum);
}

/** Σ p (r + e^−r − 1) with r = log(p/q), the divergence of q from p by their logarithms: no term is below 0. */
export const divergenceOfLogs = (p: readonly number[], q: readonly number[]): number =>
  p.reduce((sum, one, i) => sum + Math.exp(one) * (one - (q[i] as number) + Math.expm1((q[i] as number) - one)), 0);

/** The divergence of "the first class, or another". */
export function coinDivergence(x: readonly number[], y: readonly number[], temperature: number): number {
  const coin = ([first, ...others]: readonly number[]): [number, number] => {
    const odds = (first as number) / temperature - Math.log(others.reduce((sum, one) => sum + Math.exp(one / temperature), 0));
    return [-Math.log1p(Math.exp(-odds)), -Math.log1p(Math.exp(odds))];
  };
  return divergenceOfLogs(coin(x), coin(y));
}
