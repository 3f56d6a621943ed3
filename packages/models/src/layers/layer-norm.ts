import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, type LayerVariable } from '@tensorflow/tfjs-layers';

type Shape = (number | null)[];

/**
 * Layer normalisation over the last axis: γ·(x − mean) / √(variance + ε) + β. tfjs's own layer tiles its statistics, and the
 * gradient of a tiling is thousands of small operations; here they are broadcast.
 * @see arXiv 1607.06450
 */
export class LayerNorm extends layers.Layer {
  /** Saved as tfjs's own layer, which computes the same. */
  static readonly className = 'LayerNormalization';
  readonly #epsilon: number;
  #gamma: LayerVariable | undefined;
  #beta: LayerVariable | undefined;

  constructor({ epsilon = 1e-5, ...rest }: { readonly name: string; readonly epsilon?: number }) {
    super(rest);
    this.#epsilon = epsilon;
  }

  override build(inputShape: Shape | Shape[]): void {
    const width = (inputShape as [null, number, number]).at(-1) as number;
    this.#gamma = this.addWeight('gamma', [width], 'float32', initializers.ones());
    this.#beta = this.addWeight('beta', [width], 'float32', initializers.zeros());
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const [x] = [inputs].flat() as [tf.Tensor];
      const centred = tf.sub(x, tf.mean(x, -1, true));
      const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), this.#epsilon));
      return tf.add(tf.mul(tf.mul(centred, scale), (this.#gamma as LayerVariable).read()), (this.#beta as LayerVariable).read());
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), axis: -1, epsilon: this.#epsilon };
  }
}
