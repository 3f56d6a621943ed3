import { tf } from '#libraries';
import type { io, Tensor } from '@tensorflow/tfjs-core';
import { isLayer, isObject } from './saved-layer.js';

/** Options that name the initializers of weights in a layer of TensorFlow.js. */
const initializers = [
  'kernel',
  'bias',
  'recurrent',
  'depthwise',
  'pointwise',
  'embeddings',
  'alpha',
  'beta',
  'gamma',
  'moving_mean',
  'moving_variance',
].map((name) => `${name}_initializer`);

const className = 'TemperSavedZeros';

/**
 * Returns a copy of a topology in which every layer starts with zeros: its weights are loaded afterwards, and random numbers take long.
 * Layers that request more numbers than the largest saved weight has are refused before the allocation.
 */
export function withSavedZeros(topology: object, specs: readonly io.WeightsManifestEntry[]): object {
  registerSavedZeros();
  const copy = structuredClone(topology);
  const most = specs.reduce((size, { shape }) => Math.max(size, tf.util.sizeFromShape(shape)), 0);
  const zeros = { class_name: className, config: { most } };
  const open: unknown[] = [copy];
  while (open.length > 0) {
    const part = open.pop();
    if (Array.isArray(part)) open.push(...(part as unknown[]).filter((one) => typeof one === 'object'));
    if (!isObject(part)) continue;
    for (const [key, value] of Object.entries(part)) if (!key.endsWith('_initializer')) open.push(value);
    if (!isLayer(part) || !isObject(part.config)) continue;
    const { config } = part;
    const own = Object.keys(config).filter((key) => key.endsWith('_initializer'));
    // TensorFlow.js refuses the first of these options for separable layers, which have two kernels.
    const possible = initializers.slice(part.class_name.startsWith('Separable') ? 1 : 0);
    for (const key of [...possible, ...own]) config[key] = structuredClone(zeros);
    // TensorFlow.js creates this bias from tensors that it does not dispose.
    if ('unit_forget_bias' in config || /LSTM/.test(part.class_name)) config['unit_forget_bias'] = false;
  }
  return copy;
}

/** Registers the initializer with TensorFlow.js, once. Networks are saved with the zeros of TensorFlow.js instead. */
function registerSavedZeros(): void {
  if (className in tf.serialization.SerializationMap.getMap().classNameMap) return;
  class SavedZeros extends tf.serialization.Serializable {
    static readonly className = className;
    readonly #most: number;
    constructor({ most }: { readonly most: number }) {
      super();
      this.#most = most;
    }
    apply(shape: number[], dtype?: 'float32'): Tensor {
      const size = tf.util.sizeFromShape(shape);
      if (size > this.#most)
        throw new Error(`a layer has weights of shape [${shape.join(', ')}]; the largest in the file holds ${this.#most} numbers`);
      return tf.zeros(shape, dtype);
    }
    override getClassName(): string {
      return 'Zeros';
    }
    override getConfig(): Record<string, never> {
      return {};
    }
    fromConfigUsesCustomObjects(): boolean {
      return false;
    }
  }
  tf.serialization.registerClass(SavedZeros as never);
}
