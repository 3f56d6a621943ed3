import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';

type Shape = (number | null)[];

/** Added to the score of a later position, so that its exponential is exactly 0. */
const never = -1e9;

/**
 * Attention of each position to itself and those before it, in several heads: softmax(Q·Kᵀ / √d + mask)·V. It has no
 * weights: `[batch, length, 3·width]`, queries, keys and values side by side, gives `[batch, length, width]`.
 */
export class CausalAttention extends layers.Layer {
  static readonly className = 'TemperCausalAttention';
  readonly #heads: number;

  constructor({ heads, ...rest }: { readonly name?: string; readonly heads: number }) {
    super(rest);
    this.#heads = heads;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, length, triple] = inputShape as [null, number, number];
    return [batch, length, triple / 3];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const [x] = [inputs].flat() as [tf.Tensor];
      const [batch, length, triple] = x.shape as [number, number, number];
      const depth = triple / 3 / this.#heads;
      const [q, k, v] = tf
        .split(x, 3, -1)
        .map((part) => tf.transpose(tf.reshape(part, [batch, length, this.#heads, depth]), [0, 2, 1, 3])) as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      const scores = tf.matMul(tf.mul(q, 1 / Math.sqrt(depth)), k, false, true);
      const attended = tf.matMul(tf.softmax(tf.add(scores, laterPositions(length))), v);
      return tf.reshape(tf.transpose(attended, [0, 2, 1, 3]), [batch, length, triple / 3]);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), heads: this.#heads };
  }
}

function laterPositions(length: number): tf.Tensor2D {
  const mask = Float32Array.from({ length: length * length }, (_, i) => (i % length > Math.floor(i / length) ? never : 0));
  return tf.tensor2d(mask, [length, length]);
}
