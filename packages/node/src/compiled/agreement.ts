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
 * normalisation) moves by that rounding's sign: so outputs must agree to 1e-4, and the change of most of the state to 5 %.
 */
export function disagreement(before: readonly tf.Tensor[], eager: Outcome, graph: Outcome): string | undefined {
  for (const [name, tensor] of Object.entries(eager.outputs)) {
    const [expected, got] = [values(tensor), values(graph.outputs[name] as tf.Tensor)];
    const distance = norm(expected, got);
    if (distance > outputTolerance * norm(expected) + Number.MIN_VALUE) return `output "${name}" differs: ${expected[0]} operation by operation, ${got[0]} from the graph`;
  }
  let [all, wrong] = [0, 0];
  eager.state.forEach((tensor, i) => {
    const [expected, got] = [values(tensor), values(graph.state[i] as tf.Tensor)];
    const change = norm(expected, values(before[i] as tf.Tensor));
    all += expected.length;
    if (norm(expected, got) > changeTolerance * change + 1e-5 * norm(expected) + Number.MIN_VALUE) wrong += expected.length;
  });
  return wrong > shareOfState * all ? `${wrong} of ${all} values of the state differ` : undefined;
}

const values = (tensor: tf.Tensor): ArrayLike<number> => tensor.dataSync();

/** Euclidean distance; where both are not finite they count as equal. */
function norm(a: ArrayLike<number>, b?: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b === undefined ? 0 : (b[i] as number)];
    if (Number.isFinite(x) || Number.isFinite(y)) sum += (x - y) ** 2;
  }
  return Number.isNaN(sum) ? Infinity : Math.sqrt(sum);
}
