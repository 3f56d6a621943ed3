import { tf } from '#libraries';
import { nativeKernels, runNativeKernel } from '../native-kernels.js';
import { portableNoise } from './portable-noise.js';

/** 2³²/φ: consecutive indices are mapped far apart. */
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
  return tf.tidy(() => {
    const own = index === 0 ? seed : tf.add(seed, tf.tensor1d(Int32Array.of(Math.imul(index, golden), 0), 'int32'));
    const [noise] = runNativeKernel(nativeKernels.uniformNoise, { shape: tf.tensor1d(sizes, 'int32'), seed: own }) ?? [];
    return noise ?? portableNoise(sizes, seed, index);
  });
}
