import { scheduleWithin, TemperError, tf, type LossWeighting, type Schedule } from '@temper/core';

/**
 * Divides the weight of every sample between the soft and the hard loss by the trust c in its teacher, from 0 to 1:
 * w_soft = α·c, w_hard = 1 − α·c.
 */
export function splitByTrust(type: string, soft: Schedule, trust: (teacher: tf.Tensor, labels: tf.Tensor) => tf.Tensor): LossWeighting {
  const share = scheduleWithin(soft, { path: 'soft', min: 0, max: 1 });
  return {
    losses: ['soft', 'hard'],
    scalars: (at) => ({ soft: share(at) }),
    weights: ({ scalars, teacher, labels }) => {
      if (teacher === undefined) {
        throw new TemperError({
          code: 'config/invalid',
          message: `"${type}" needs a teacher, and the run has none`,
          hint: 'Add a teacher, or use another weighting, for instance alpha.',
        });
      }
      const weight = tf.mul(trust(teacher, labels), scalars['soft'] as tf.Scalar);
      return { soft: weight, hard: tf.sub(1, weight) };
    },
  };
}

/** Probability of the label, `[...]`; 0 for a label outside of the classes (−100, not counted). */
export function labelProbability(logits: tf.Tensor, labels: tf.Tensor): tf.Tensor {
  const oneHot = tf.oneHot(tf.cast(labels, 'int32'), logits.shape.at(-1) as number);
  return tf.sum(tf.mul(tf.softmax(logits), tf.cast(oneHot, 'float32')), -1);
}
