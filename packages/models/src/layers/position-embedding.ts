import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, type LayerVariable } from '@tensorflow/tfjs-layers';

type Initializer = ReturnType<typeof initializers.zeros>;
type Shape = (number | null)[];

/** Adds a learned vector to each position of a sequence: `[batch, length, width]` to the same shape. */
export class PositionEmbedding extends layers.Layer {
  static readonly className = 'TemperPositionEmbedding';
  readonly #initializer: Initializer;
  #vectors: LayerVariable | undefined;

  constructor({ initializer, ...rest }: { readonly name?: string; readonly initializer?: Initializer }) {
    super(rest);
    // None while a saved network is read: its weights are set afterwards.
    this.#initializer = initializer ?? initializers.zeros();
  }

  override build(inputShape: Shape | Shape[]): void {
    const [, length, width] = inputShape as [null, number, number];
    this.#vectors = this.addWeight('embeddings', [length, width], 'float32', this.#initializer);
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x] = [inputs].flat() as [tf.Tensor];
    return tf.add(x, (this.#vectors as LayerVariable).read());
  }
}
