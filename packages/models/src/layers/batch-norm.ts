import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, type LayerVariable } from '@tensorflow/tfjs-layers';
import { normalizeBatch } from './batch-statistics.js';

type Shape = (number | null)[];

interface BatchNormOptions {
  readonly name: string;
  /** Share of the moving averages that each update keeps. */
  readonly momentum: number;
  readonly epsilon?: number;
}

type Weights = Readonly<Record<'gamma' | 'beta' | 'mean' | 'variance', LayerVariable>>;

/**
 * Batch normalisation over the last axis: with the batch's own mean and variance in training, which also move the
 * averages, and with the averages elsewhere. Computes what tfjs's own layer computes, several times faster in training.
 * @see arXiv 1502.03167
 */
export class BatchNorm extends layers.Layer {
  /** Saved as tfjs's own layer, so that plain tfjs reads the network. */
  static readonly className = 'BatchNormalization';
  readonly #momentum: number;
  readonly #epsilon: number;
  #weights: Weights | undefined;

  constructor({ momentum, epsilon = 1e-5, ...rest }: BatchNormOptions) {
    super(rest);
    this.#momentum = momentum;
    this.#epsilon = epsilon;
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = [(inputShape as Shape).at(-1) as number];
    const [ones, zeros] = [initializers.ones(), initializers.zeros()];
    const add = (name: string, initializer: typeof ones, trained: boolean): LayerVariable =>
      this.addWeight(name, shape, 'float32', initializer, undefined, trained);
    this.#weights = {
      gamma: add('gamma', ones, true),
      beta: add('beta', zeros, true),
      mean: add('moving_mean', zeros, false),
      variance: add('moving_variance', ones, false),
    };
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { training }: { readonly training?: boolean }): tf.Tensor {
    const { gamma, beta, mean, variance } = this.#weights as Weights;
    const move = (average: LayerVariable, seen: tf.Tensor): void => {
      const kept = average.read();
      average.write(tf.sub(kept, tf.mul(tf.sub(kept, seen), 1 - this.#momentum)));
    };
    return tf.tidy(() => {
      const [x] = [inputs].flat() as [tf.Tensor];
      if (training === true) {
        return normalizeBatch(x, gamma.read(), beta.read(), this.#epsilon, (seen) => {
          move(mean, seen.mean);
          move(variance, seen.variance);
        });
      }
      const scale = tf.mul(tf.rsqrt(tf.add(variance.read(), this.#epsilon)), gamma.read());
      return tf.add(tf.mul(tf.sub(x, mean.read()), scale), beta.read());
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), axis: -1, momentum: this.#momentum, epsilon: this.#epsilon, center: true, scale: true };
  }
}
