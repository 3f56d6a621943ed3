import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { uniformNoise, type CallOptions } from '@temper/core';

/** A dropout layer, or none where nothing is left out. `index` tells the dropout layers of one network apart. */
export const dropout = (name: string, rate: number, index: number): layers.Layer[] =>
  rate === 0 ? [] : [new SeededDropout(name, rate, index)];

/**
 * Leaves out a share of the units in training and scales the others by 1 / (1 − rate). tfjs's own layer draws on the
 * host, which a recorded update would repeat for ever; here the noise follows from the update's seed (the call
 * argument `seed`, see `CallOptions`). Called by hand in training without a seed, it draws anew each time.
 */
class SeededDropout extends layers.Layer {
  /** Saved as tfjs's own dropout, so that reading a saved network needs nothing of ours. */
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
