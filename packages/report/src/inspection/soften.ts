/**
 * Softmax of logits at a temperature: p_c = exp(z_c/T) / Σ_k exp(z_k/T), in float64.
 * @param from Position of the first logit in the list.
 * @param into Takes the probabilities; its length is the number of classes.
 */
export function soften(logits: ArrayLike<number>, from: number, temperature: number, into: Float64Array): void {
  let largest = -Infinity;
  for (let c = 0; c < into.length; c++) largest = Math.max(largest, logits[from + c] as number);
  let sum = 0;
  for (let c = 0; c < into.length; c++) {
    const power = Math.exp(((logits[from + c] as number) - largest) / temperature);
    into[c] = power;
    sum += power;
  }
  for (let c = 0; c < into.length; c++) into[c] = (into[c] as number) / sum;
}
