import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '../contracts/network.js';
import { tidied } from './optimizer-state.js';
import type { MovingAverage } from './terms.js';

/** An average that begins at the network's present parameters. */
export const movingAverage = (network: Network, decay: number): MovingAverage => ({
  decay,
  shadows: tidied(() => network.parameters.map((parameter) => tf.variable(tf.clone(parameter), false))),
});

/** Runs `body` while the network has the averaged parameters. */
export async function withAverage<T>(network: Network, average: MovingAverage | undefined, body: () => Promise<T>): Promise<T> {
  if (average === undefined) return body();
  const own = network.parameters.map((parameter) => tf.clone(parameter));
  useAverage(network, average);
  try {
    return await body();
  } finally {
    network.parameters.forEach((parameter, i) => parameter.assign(own[i] as tf.Tensor));
    tf.dispose(own);
  }
}

/** Gives the network the averaged parameters. */
export const useAverage = (network: Network, { shadows }: MovingAverage): void =>
  network.parameters.forEach((parameter, i) => parameter.assign(shadows[i] as tf.Tensor));
