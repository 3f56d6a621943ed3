import { tf } from '#libraries';
import { z } from 'zod';
import { defineMetric } from '../kit/define.js';
import { isCorrect } from './predictions.js';

/**
 * Expected calibration error: Σ_b n_b/n · |accuracy_b − confidence_b| over equal bins (lower, upper] of the largest probability.
 * The sums are Σ (correct − confidence) of each bin, so batches add up exactly.
 * @see arXiv 1706.04599
 * @example createMetrics({ classes: 10, metrics: [ece({ bins: 20 })] })
 */
export const ece = defineMetric({
  type: 'ece',
  better: 'min',
  unit: '',
  range: [0, 1],
  options: z
    .strictObject({ bins: z.int().min(1).max(10_000).default(15).describe('number of bins of equal width') })
    .describe('expected calibration error over bins of confidence'),
  create: ({ bins }) => ({
    sample({ student, labels }) {
      const confidence = tf.max(student.probabilities, 1);
      return tf.mul(membersOf(confidence, bins), tf.sub(isCorrect(student, labels), confidence));
    },
    value: (gaps, count) => gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / count,
  }),
});

/** Returns 1 where the bin contains the confidence, 0 elsewhere, `[bins, n]`. */
function membersOf(confidence: tf.Tensor, bins: number): tf.Tensor {
  const bin = tf.cast(tf.clipByValue(tf.sub(tf.ceil(tf.mul(confidence, bins)), 1), 0, bins - 1), 'int32');
  return tf.cast(tf.equal(tf.expandDims(tf.range(0, bins, 1, 'int32'), 1), bin), 'float32');
}
