import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { uniformNoise, type CallOptions } from '@temper/core';

/** A dropout layer, or none for the rate 0. `index` distinguishes the dropout layers of one network. */
export const dropout = (name: string, rate: number, index: number): layers.Layer[] =>
  rate === 0 ? [] : [new SeededDropout(name, rate, index)];

/**
 * Drops a share of the units in training and scales the others by 1 / (1 − rate). The layer of tfjs draws its noise on the host, which a
 * recorded update would repeat in every update; here the noise depends on the seed of the update (the call argument `seed`, see
 * `CallOptions`). Without a seed, it draws new noise in each call.
 */
class SeededDropout extends layers.Layer {
  /** Saved as the dropout layer of tfjs, so that a saved network can be read without Temper. */
  static readonly className = 'Dropout';
  readonly #rate: number;
  readonly #index: number;

  constructor(name: string, rate: number, index: number) {
    super({ name });
    this.#rate = rate;
    this.#index = index;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { training, seed }: Partial<CallOptions>): tf.Tensor {
    const [x] = [inputs].flat() as [tf.Tensor];
    if (training !== true) return x;
    return tf.tidy(() => {
      const noise = seed === undefined ? tf.randomUniform(x.shape) : uniformNoise(x.shape, seed, this.#index);
      const kept = tf.cast(tf.greaterEqual(noise, this.#rate), 'float32');
      return tf.mul(x, tf.mul(kept, 1 / (1 - this.#rate)));
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.#rate };
  }
}
