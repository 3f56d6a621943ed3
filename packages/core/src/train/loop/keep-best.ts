import * as tf from '@tensorflow/tfjs-core';
import type { Metric } from '../../contracts/metric.js';
import type { Network } from '../../contracts/network.js';

/** Keeps the weights of the best epoch so far. */
export interface BestWeights {
  /** The metrics that decide, in order of priority. */
  readonly choice: readonly Metric[];
  /** Copies of the best weights: the parameters, then the buffers. */
  readonly copies: readonly tf.Tensor[];
  /** Copies the current weights of the network. */
  take(): void;
  /** Takes over copies from a checkpoint. */
  put(saved: readonly tf.Tensor[]): void;
  /** Restores the best weights in the network. */
  restore(): void;
  dispose(): void;
}

export function keepBest(network: Network, choice: readonly Metric[]): BestWeights {
  const variables = [...network.parameters, ...network.buffers];
  // Allocated at the start, so that the number of live tensors is the same in every epoch.
  let copies: tf.Tensor[] = variables.map((variable) => tf.clone(variable));
  return {
    choice,
    get copies() {
      return copies;
    },
    take() {
      tf.dispose(copies);
      copies = variables.map((variable) => tf.clone(variable));
    },
    put(saved) {
      tf.dispose(copies);
      copies = [...saved];
    },
    restore: () => copies.forEach((copy, i) => (variables[i] as tf.Variable).assign(copy)),
    dispose: () => tf.dispose(copies),
  };
}
