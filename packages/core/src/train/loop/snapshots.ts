import type * as tf from '@tensorflow/tfjs-core';
import type { TrainedNetwork } from '../plan/trained-network.js';
import type { Session } from './session.js';

/** Copies the network's weights after an epoch, for stages whose teacher is the network at that epoch. */
export function takeSnapshots({ network, snapshots }: TrainedNetwork, epoch: number): void {
  const variables = [...network.parameters, ...network.buffers];
  for (const snapshot of snapshots) {
    if (snapshot.epoch === epoch)
      [...snapshot.network.parameters, ...snapshot.network.buffers].forEach((copy, i) => copy.assign(variables[i] as tf.Tensor));
  }
}

/** Gives the snapshots of epochs that were not reached, because training stopped early, the last weights: they are the nearest. */
export async function takeMissedSnapshots(trained: TrainedNetwork, epochs: number, session: Session): Promise<void> {
  for (const { epoch } of trained.snapshots.filter((snapshot) => snapshot.epoch > epochs)) {
    takeSnapshots(trained, epoch);
    await session.events.warn(
      `the training of "${trained.name}" ended after epoch ${epochs}, so its snapshot of epoch ${epoch} has the weights of epoch ${epochs}`,
    );
  }
}
