import type * as tf from '@tensorflow/tfjs-core';

/** Outcome of one update: what it returned, and its state before and after. */
export interface Outcome {
  readonly outputs: Readonly<Record<string, tf.Tensor>>;
  readonly state: readonly tf.Tensor[];
}

const outputTolerance = 1e-4;
const changeTolerance = 0.05;
const shareOfState = 0.5;

/**
 * Says where the outcome of the graph is not that of the operations one by one, or undefined where the two agree.
 * Rounding may differ, and under Adam a parameter whose gradient is rounding alone (a bias before batch
 * normalisation) moves by that rounding's sign: so each output must agree to 1e-4, and the change of most of the state to 5 %.
 */
export function disagreement(before: readonly tf.Tensor[], eager: Outcome, graph: Outcome): string | undefined {
  for (const [name, tensor] of Object.entries(eager.outputs)) {
    const [expected, got] = [values(tensor), values(graph.outputs[name] as tf.Tensor)];
    const largest = size(expected);
    const wrong = expected.findIndex((value: number, i: number) => apart(value, got[i] as number) > outputTolerance * (Math.abs(value) + 0.1 * largest));
    if (wrong >= 0) return `output "${name}" is ${expected[wrong]} operation by operation, and ${got[wrong]} from the graph`;
  }
  let [all, wrong] = [0, 0];
  eager.state.forEach((tensor, i) => {
    const [expected, got, old] = [values(tensor), values(graph.state[i] as tf.Tensor), values(before[i] as tf.Tensor)];
    all += expected.length;
    if (distance(expected, got) > changeTolerance * distance(expected, old) + 1e-5 * distance(expected)) wrong += expected.length;
  });
  return wrong > shareOfState * all ? `${wrong} of ${all} values of the state differ` : undefined;
}

const values = (tensor: tf.Tensor): tf.TypedArray => tensor.dataSync();

/** Values that are not finite count as equal to one another. */
const apart = (a: number, b: number): number => (Number.isFinite(a) ? (Number.isFinite(b) ? Math.abs(a - b) : Infinity) : Number.isFinite(b) ? Infinity : 0);

function size(a: tf.TypedArray): number {
  let most = 0;
  for (const value of a) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  return most;
}

/** Euclidean distance, without a second array from 0; values that are not finite are looked at only where there are some. */
function distance(a: tf.TypedArray, b?: tf.TypedArray): number {
  let sum = 0;
  if (b === undefined) for (const value of a) sum += value ** 2;
  else for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  if (Number.isFinite(sum)) return Math.sqrt(sum);
  sum = 0;
  for (let i = 0; i < a.length; i++) sum += apart(a[i] as number, b === undefined ? 0 : (b[i] as number)) ** 2;
  return Math.sqrt(sum);
}
