import { tf } from '#libraries';
import { portableNoise } from './portable-noise.js';

/** The additional method of tfjs-node's backend: any operation of TensorFlow by its name. */
interface NativeBackend {
  readonly binding: { readonly TF_ATTR_TYPE: number; readonly TF_FLOAT: number; readonly TF_INT32: number };
  executeSingleOutput(name: string, attributes: { name: string; type: number; value: number }[], inputs: tf.Tensor[]): tf.Tensor;
}

/** 2³²/φ: indices 0, 1, 2, … land far apart. */
const golden = 0x9e3779b9;

/**
 * Uniform noise in [0, 1) as a function of a seed, for random numbers inside of an update.
 * Unlike `tf.randomUniform`, which draws on the host, it may be recorded, and a resumed run sees the same noise.
 * Numbers differ between backends (TensorFlow's own generator in Node, a hash of positions elsewhere), never between
 * two calls on one of them.
 * @param shape of the result, float32; up to 2³¹ elements.
 * @param seed int32 `[2]`: `CallOptions.seed`, another for every update.
 * @param index distinguishes uses of one seed: a layer's number. An integer from 0 to 65535; default 0.
 * @see Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011), for TensorFlow's generator
 * @example
 * const keep = tf.cast(tf.greaterEqual(uniformNoise(x.shape, seed, 3), rate), 'float32');
 */
export function uniformNoise(shape: readonly number[], seed: tf.Tensor1D, index = 0): tf.Tensor {
  const sizes = [...shape];
  if (tf.getBackend() !== 'tensorflow') return portableNoise(sizes, seed, index);
  return tf.tidy(() => {
    const backend = tf.backend() as unknown as NativeBackend;
    const { TF_ATTR_TYPE, TF_FLOAT, TF_INT32 } = backend.binding;
    const own = index === 0 ? seed : tf.add(seed, tf.tensor1d(Int32Array.of(Math.imul(index, golden), 0), 'int32'));
    const attributes = [
      { name: 'dtype', type: TF_ATTR_TYPE, value: TF_FLOAT },
      { name: 'T', type: TF_ATTR_TYPE, value: TF_INT32 },
      { name: 'Tseed', type: TF_ATTR_TYPE, value: TF_INT32 },
    ];
    return backend.executeSingleOutput('StatelessRandomUniform', attributes, [tf.tensor1d(sizes, 'int32'), own]);
  });
}
