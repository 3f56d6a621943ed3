import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '../contracts/network.js';
import type { Metrics } from '../contracts/schedule.js';

/** Remembers the weights of the best epoch so far. */
export interface BestWeights {
  /** Takes a copy where these validation metrics are better than all before; says whether they are. */
  offer(epoch: number, validation: Metrics): boolean;
  readonly best: { readonly epoch: number; readonly validation: Metrics } | undefined;
  /** Puts the best weights back into the network. */
  restore(): void;
  dispose(): void;
}

/** Best by validation accuracy; of equal ones the lower negative log-likelihood, then the earlier. */
export function keepBest(network: Network): BestWeights {
  const variables = [...network.parameters, ...network.buffers];
  // From the start, so that the number of live tensors is the same in every epoch.
  let copies = variables.map((variable) => tf.clone(variable));
  let best: { epoch: number; validation: Metrics } | undefined;
  const dispose = (): void => {
    tf.dispose(copies);
    copies = [];
  };
  return {
    get best() {
      return best;
    },
    offer(epoch, validation) {
      if (best !== undefined && !isBetter(validation, best.validation)) return false;
      dispose();
      copies = variables.map((variable) => tf.clone(variable));
      best = { epoch, validation };
      return true;
    },
    restore: () => copies.forEach((copy, i) => (variables[i] as tf.Variable).assign(copy)),
    dispose,
  };
}

function isBetter(one: Metrics, other: Metrics): boolean {
  const [accuracy = -1, before = -1] = [one['accuracy'], other['accuracy']];
  return accuracy > before || (accuracy === before && (one['nll'] ?? Infinity) < (other['nll'] ?? Infinity));
}
