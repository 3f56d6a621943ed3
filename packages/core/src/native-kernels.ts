import { tf } from '#libraries';

/**
 * Names of kernels that a native engine may register with tfjs for its backend. Where a kernel is not registered, Temper uses operations
 * that every backend has.
 */
export const nativeKernels = {
  /** Inputs `shape` int32 `[rank]` and `seed` int32 `[2]`; gives uniform noise in [0, 1) of that shape. */
  uniformNoise: 'TemperUniformNoise',
  /**
   * Inputs `x` `[batch, height, width, channels]`, `scale` and `offset` `[channels]`; attribute `epsilon`. Gives the normalised x, the
   * mean and the variance over n − 1 of each channel, and what the gradient needs.
   */
  batchNormalization: 'TemperBatchNormalization',
  /** Inputs `dy`, `x`, `scale` and the outputs of `batchNormalization`; attribute `epsilon`. Gives gradients of x, scale and offset. */
  batchNormalizationGradient: 'TemperBatchNormalizationGradient',
} as const;

/** Runs a kernel of the active backend; returns undefined where it has no kernel of that name. */
export function runNativeKernel(
  name: (typeof nativeKernels)[keyof typeof nativeKernels],
  inputs: tf.NamedTensorMap,
  attributes: Readonly<Record<string, number>> = {},
): tf.Tensor[] | undefined {
  if (tf.getKernel(name, tf.getBackend()) === undefined) return undefined;
  const outputs: tf.Tensor | tf.Tensor[] = tf.engine().runKernel(name, inputs, attributes);
  return Array.isArray(outputs) ? outputs : [outputs];
}
