import * as tf from '@tensorflow/tfjs-core';

/** The additional method of tfjs-node's backend: any operation of TensorFlow by its name. */
interface NativeBackend {
  readonly binding: Readonly<Record<'TF_ATTR_TYPE' | 'TF_ATTR_FLOAT' | 'TF_ATTR_BOOL' | 'TF_ATTR_STRING' | 'TF_FLOAT', number>>;
  executeMultipleOutputs(name: string, attributes: object[], inputs: tf.Tensor[], outputs: number): tf.Tensor[];
}

/** Mean and variance of a batch, one value for each channel. */
export interface BatchStatistics {
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
}

/**
 * Normalises with the statistics of the batch itself: γ·(x − mean) / √(variance + ε) + β, x `[..., channels]`. Its
 * gradient is written out: one pass of TensorFlow's own where that is the backend, against the fifty operations of an
 * automatic one. `seen` is told the statistics, which no gradient passes; it must not keep them.
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
  const forward = tf.getBackend() === 'tensorflow' ? native(epsilon) : portable(epsilon);
  const normalized = tf.customGrad((...given) => {
    const [maps, scale, offset, save] = given as unknown as [tf.Tensor, tf.Tensor, tf.Tensor, (tensors: tf.Tensor[]) => void];
    const { value, statistics, saved } = forward.run(maps, scale, offset);
    seen(statistics);
    save([maps, scale, ...saved]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, [kept, weight, ...rest]: tf.Tensor[]) =>
        forward.gradients(dy, kept as tf.Tensor, weight as tf.Tensor, rest),
    };
  })(image, gamma, beta);
  return tf.reshape(normalized, x.shape);
}

/** Values of each channel. */
const samplesOf = (x: tf.Tensor): number => x.size / (x.shape.at(-1) as number);

interface Forward {
  run(
    x: tf.Tensor,
    gamma: tf.Tensor,
    beta: tf.Tensor,
  ): { readonly value: tf.Tensor; readonly statistics: BatchStatistics; readonly saved: tf.Tensor[] };
  /** Gradients of x, γ and β. */
  gradients(dy: tf.Tensor, x: tf.Tensor, gamma: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[];
}

function native(epsilon: number): Forward {
  const backend = tf.backend() as unknown as NativeBackend;
  const { TF_ATTR_TYPE, TF_ATTR_FLOAT, TF_ATTR_BOOL, TF_ATTR_STRING, TF_FLOAT } = backend.binding;
  const attributes = [
    { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'U', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'epsilon', type: TF_ATTR_FLOAT, value: epsilon },
    { name: 'data_format', type: TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: TF_ATTR_BOOL, value: true },
  ];
  return {
    run(x, gamma, beta) {
      const none = tf.tensor1d([]);
      const [value, mean, unbiased, ...saved] = backend.executeMultipleOutputs(
        'FusedBatchNormV3',
        attributes,
        [x, gamma, beta, none, none],
        6,
      );
      const samples = samplesOf(x);
      // TensorFlow gives the variance over n − 1, tfjs's layers keep the one over n.
      const variance = tf.mul(unbiased as tf.Tensor, Math.max(1, samples - 1) / samples);
      return { value: value as tf.Tensor, statistics: { mean, variance } as BatchStatistics, saved };
    },
    gradients: (dy, x, gamma, saved) =>
      backend.executeMultipleOutputs('FusedBatchNormGradV3', attributes, [dy, x, gamma, ...saved], 5).slice(0, 3),
  };
}

function portable(epsilon: number): Forward {
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
