import { tf } from '#libraries';
import type { CallOptions, LogitsFunction, Network, NetworkLike } from '../contracts/network.js';
import { askLogits } from './ask-logits.js';

/** The kind of outputs that are not logits. */
export type Suspicion = 'probabilities' | 'sigmoids';

/** The largest allowed difference between 1 and the sum of probabilities: half precision and quantised weights round. */
const tolerance = 1e-3;
/** The factor of the inputs for a second try: logits then leave [0, 1], and bounded outputs do not. */
const stretch = 1000;

/**
 * Checks the outputs of a network for some samples. `probabilities`: every row of every sample is at least 0 and sums to 1. `sigmoids`:
 * all numbers are between 0 and 1, also for inputs 1000 times as large, with either sign. Neither is true for logits of real samples.
 */
export async function suspectOutputs(network: Network, inputs: tf.Tensor): Promise<Suspicion | undefined> {
  const rows = await outputsOf(network, inputs);
  if (!rows.values.every(isShare)) return undefined;
  if (sumsOf(rows).every((sum) => Math.abs(sum - 1) <= tolerance)) return 'probabilities';
  // A last layer that starts with zeros gives the same number everywhere.
  const isConstant = rows.values.every((value) => value === rows.values[0]);
  if (inputs.dtype !== 'float32' || isConstant) return undefined;
  for (const factor of [stretch, -stretch]) {
    const far = tf.mul(inputs, factor);
    try {
      const { values } = await outputsOf(network, far);
      if (!values.every(isShare)) return undefined;
    } catch {
      // The network accepts only plausible inputs: its outputs remain unknown.
      return undefined;
    } finally {
      far.dispose();
    }
  }
  return 'sigmoids';
}

const isShare = (value: number): boolean => value >= 0 && value <= 1 + tolerance;

interface Rows {
  readonly values: Float32Array;
  readonly classes: number;
}

async function outputsOf(network: Network, inputs: tf.Tensor): Promise<Rows> {
  const outputs = tf.tidy(() => askLogits(network, inputs, { training: false }));
  try {
    return { values: await outputs.data<'float32'>(), classes: outputs.shape[outputs.rank - 1] ?? 1 };
  } finally {
    outputs.dispose();
  }
}

function sumsOf({ values, classes }: Rows): Float64Array {
  const sums = new Float64Array(values.length / classes);
  values.forEach((value, i) => {
    const row = Math.floor(i / classes);
    sums[row] = (sums[row] as number) + value;
  });
  return sums;
}

/** The smallest normal float32: the logarithm of smaller numbers would be inaccurate or infinite. */
const smallest = 1.1754944e-38;

/** Returns log max(p, 1.2e-38): logits whose softmax is p, and whose softmax at temperature T is that of the logits behind p. */
export const logOf = (probabilities: tf.Tensor): tf.Tensor => tf.tidy(() => tf.log(tf.maximum(probabilities, smallest)));

/**
 * Makes a teacher or student of a function that gives probabilities: its logits are log p. A softmax of them is p again, at every
 * temperature T it is the softmax of the logits behind p, since those differ from log p by one number per row only. A LayersModel or
 * a GraphModel is called with the inputs. Probabilities under 1.2e-38 count as that.
 * @example await kit.run(config, { teacher: fromProbabilities((inputs) => model.predict(inputs) as tf.Tensor) });
 */
export function fromProbabilities(network: Exclude<NetworkLike, Network>): LogitsFunction {
  return (inputs, options) => tf.tidy(() => logOf(outputOf(network, inputs, options)));
}

function outputOf(network: Exclude<NetworkLike, Network>, inputs: tf.Tensor, options: CallOptions): tf.Tensor {
  if (typeof network === 'function') return network(inputs, options);
  return ('trainableWeights' in network ? network.apply(inputs, { ...options }) : network.execute(inputs)) as tf.Tensor;
}
