import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '../../contracts/network.js';
import type { TransformState } from '../../contracts/optimizer.js';
import type { MovingAverage } from './parts.js';
import { tidied } from './tidied.js';

/** Creates an average of the network's parameters, which starts as a copy of them. */
export const movingAverage = (network: Network, decay: number): MovingAverage => ({
  decay,
  shadows: tidied(() => network.parameters.map((parameter) => tf.variable(tf.clone(parameter), false))),
});

/** The scalar of a step that is the share of the average that stays. */
export const averageKept = 'average.kept';

/**
 * Returns the share of the average that stays at its n-th update: (d − dⁿ)/(1 − dⁿ). The average is then Σ dⁿ⁻ⁱ·wᵢ / Σ dⁿ⁻ⁱ over the
 * weights after updates 1 … n, which is Adam's bias-corrected mean: exactly w₁ for n = 1, without a share of the untrained weights for
 * any d.
 * @param n Updates averaged, including this one, from 1.
 */
export const keptAt = (decay: number, n: number): number => (decay - decay ** n) / (1 - decay ** n);

/** Updates the average: average ← parameter + kept·(average − parameter); exact for kept = 0, and where the parameter does not change. */
export const averaging = ({ shadows }: MovingAverage, parameters: readonly tf.Variable[], kept: tf.Scalar): TransformState => ({
  variables: Object.fromEntries(shadows.map((shadow, i) => [`average/${i}`, shadow])),
  apply(gradients, next) {
    next(gradients);
    parameters.forEach((parameter, i) => {
      const shadow = shadows[i] as tf.Variable;
      shadow.assign(tf.add(parameter, tf.mul(kept, tf.sub(shadow, parameter))));
    });
  },
});

/** Runs `body` with the averaged parameters in the network. */
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

/** Copies the averaged parameters into the network. */
export const useAverage = (network: Network, { shadows }: MovingAverage): void =>
  network.parameters.forEach((parameter, i) => parameter.assign(shadows[i] as tf.Tensor));
