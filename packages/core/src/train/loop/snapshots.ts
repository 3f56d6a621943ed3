import type * as tf from '@tensorflow/tfjs-core';
import type { TrainedNetwork } from '../plan/trained-network.js';
import type { Session } from './session.js';

/** Copies of the network as it is after an epoch, for stages that learn from a teacher in the making. */
export function takeSnapshots({ network, snapshots }: TrainedNetwork, epoch: number): void {
  const variables = [...network.parameters, ...network.buffers];
  for (const snapshot of snapshots) {
    if (snapshot.epoch === epoch)
      [...snapshot.network.parameters, ...snapshot.network.buffers].forEach((copy, i) => copy.assign(variables[i] as tf.Tensor));
  }
}

/** A training that stopped early leaves the snapshots of epochs it did not reach with its last weights: those nearest to them. */
export async function takeMissedSnapshots(trained: TrainedNetwork, epochs: number, session: Session): Promise<void> {
  for (const { epoch } of trained.snapshots.filter((snapshot) => snapshot.epoch > epochs)) {
    takeSnapshots(trained, epoch);
    await session.events.warn(
      `the training of "${trained.name}" ended after epoch ${epochs}, so its snapshot of epoch ${epoch} has the weights of epoch ${epochs}`,
    );
  }
}
