import type * as tf from '@tensorflow/tfjs-core';
import type { TrainedNetwork } from './network-plan.js';

/** Copies of the network as it is after an epoch, for stages that learn from a teacher in the making. */
export function takeSnapshots({ network, snapshots }: TrainedNetwork, epoch: number): void {
  const variables = [...network.parameters, ...network.buffers];
  for (const snapshot of snapshots) {
    if (snapshot.epoch === epoch) [...snapshot.network.parameters, ...snapshot.network.buffers].forEach((copy, i) => copy.assign(variables[i] as tf.Tensor));
  }
}
