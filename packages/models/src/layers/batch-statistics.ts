import { nativeKernels, runNativeKernel } from '@temper/core';
import * as tf from '@tensorflow/tfjs-core';

/** Mean and variance of a batch, one value for each channel. */
export interface BatchStatistics {
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
}

/**
 * Normalises with the statistics of the batch itself: γ·(x − mean) / √(variance + ε) + β, x `[..., channels]`. Its
 * gradient is written out: one pass by the backend's own kernel where it has one, against the fifty operations of an
 * automatic one. `seen` receives the statistics, through which no gradient passes; it must not keep them.
 */
export function normalizeBatch(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
  seen: (statistics: BatchStatistics) => void,
): tf.Tensor {
  // A map keeps its shape: TensorFlow can then put the ReLU behind it into the same pass, and shares the work out better.
  const image = x.rank === 4 ? x : tf.reshape(x, [samplesOf(x), 1, 1, x.shape.at(-1) as number]);
  const { run, gradients } = portable(epsilon);
  const normalized = tf.customGrad((...given) => {
    const [maps, scale, offset, save] = given as unknown as [tf.Tensor, tf.Tensor, tf.Tensor, (tensors: tf.Tensor[]) => void];
    const { value, statistics, saved } = native(maps, scale, offset, epsilon) ?? run(maps, scale, offset);
    seen(statistics);
    save([maps, scale, ...saved]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, [kept, weight, ...rest]: tf.Tensor[]) => {
        const [x, gamma] = [kept, weight] as [tf.Tensor, tf.Tensor];
        // Both ways save the mean and one more number for each channel; only the native one saves a third.
        return rest.length > 2 ? nativeGradients(dy, x, gamma, rest, epsilon) : gradients(dy, x, gamma, rest);
      },
    };
  })(image, gamma, beta);
  return tf.reshape(normalized, x.shape);
}

/** Values of each channel. */
const samplesOf = (x: tf.Tensor): number => x.size / (x.shape.at(-1) as number);

interface Normalized {
  readonly value: tf.Tensor;
  readonly statistics: BatchStatistics;
  /** The values that the gradient needs in addition to x and γ. */
  readonly saved: readonly tf.Tensor[];
}

/** By the backend's own kernel; undefined where it has none. */
function native(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, epsilon: number): Normalized | undefined {
  const made = runNativeKernel(nativeKernels.batchNormalization, { x, scale, offset }, { epsilon });
  if (made === undefined) return undefined;
  const [value, mean, unbiased, ...saved] = made as [tf.Tensor, tf.Tensor, tf.Tensor, ...tf.Tensor[]];
  const samples = samplesOf(x);
  // The kernel gives the variance over n − 1, tfjs's layers keep the one over n.
  const variance = tf.mul(unbiased, Math.max(1, samples - 1) / samples);
  return { value, statistics: { mean, variance } as BatchStatistics, saved };
}

const nativeGradients = (dy: tf.Tensor, x: tf.Tensor, scale: tf.Tensor, saved: readonly tf.Tensor[], epsilon: number): tf.Tensor[] => {
  const kept = Object.fromEntries(saved.map((tensor, i) => [`saved${i}`, tensor]));
  return runNativeKernel(nativeKernels.batchNormalizationGradient, { dy, x, scale, ...kept }, { epsilon }) as tf.Tensor[];
};

interface Portable {
  run(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): Normalized;
  /** Gradients of x, γ and β. */
  gradients(dy: tf.Tensor, x: tf.Tensor, gamma: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[];
}

function portable(epsilon: number): Portable {
  const axes = [0, 1, 2];
  const normalized = (x: tf.Tensor, mean: tf.Tensor, scale: tf.Tensor): tf.Tensor => tf.mul(tf.sub(x, mean), scale);
  return {
    run(x, gamma, beta) {
      const { mean, variance } = tf.moments(x, axes);
      const scale = tf.rsqrt(tf.add(variance, epsilon));
      return {
        value: tf.add(tf.mul(normalized(x, mean, scale), gamma), beta),
        statistics: { mean, variance } as BatchStatistics,
        saved: [mean, scale],
      };
    },
    gradients(dy, x, gamma, [mean, scale]) {
      const units = normalized(x, mean as tf.Tensor, scale as tf.Tensor);
      const [dBeta, dGamma] = [tf.sum(dy, axes), tf.sum(tf.mul(dy, units), axes)];
      const samples = samplesOf(x);
      const common = tf.div(tf.add(dBeta, tf.mul(units, dGamma)), samples);
      return [tf.mul(tf.sub(dy, common), tf.mul(gamma, scale as tf.Tensor)), dGamma, dBeta];
    },
  };
}
