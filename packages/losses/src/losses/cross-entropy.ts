import * as tf from '@tensorflow/tfjs-core';
import { defineLoss } from '@temper/core';
import { z } from 'zod';
import { createLoss } from './support/create-loss.js';
import { hardTargets } from './support/hard-targets.js';
import { logProbabilities } from './support/probabilities.js';
import { withGradient } from './support/with-gradient.js';

/** −Σ_c t_c log softmax(z)_c for constant targets t, `[..., classes]` to `[...]`; a row of zeros counts for nothing. */
export function crossEntropyTo(targets: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  return withGradient(
    [logits],
    () => {
      const q = tf.softmax(logits);
      return { value: tf.neg(tf.sum(tf.mul(targets, logProbabilities(logits, q)), -1)), saved: { targets, q } };
    },
    (dy, { targets: t, q }) => [tf.mul(tf.sub(tf.mul(q, tf.sum(t, -1, true)), t), tf.expandDims(dy, -1))],
  );
}

/**
 * Cross-entropy with the label at temperature 1, the hard loss.
 */
export const crossEntropy = defineLoss({
  type: 'cross-entropy',
  options: z.strictObject({ labelSmoothing: z.number().min(0).max(1).default(0) }),
  create: ({ labelSmoothing }) => createLoss(['labels'], ({ student, labels }) => crossEntropyTo(hardTargets(labels, student, labelSmoothing), student)),
});
