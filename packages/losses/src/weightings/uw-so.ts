import { defineWeighting, tf } from '@temper/core';
import { z } from 'zod';
import { weightsFrom } from './support/constant-weights.js';

/** The guard against division by 0 of the first author's code. */
const epsilon = 1e-8;

/**
 * Soft optimal uncertainty: the weights 1/L_k to which learned uncertainty converges, smoothed by a softmax.
 *
 * Formula: w = softmax(1/(L + 1e-8) / T) over the losses of the batch, constant for the gradient. Small losses
 * get the larger weight, the more so the smaller T (the paper searches T per task set). Without `softmax`
 * w_k = 1/(L_k + 1e-8), the paper's optimal uncertainty UW-O, whose weights are unbounded for small losses.
 * A loss below 0 (a rounding) counts as 0.
 * @see arXiv 2408.07985
 * @example uwSo({ temperature: 2 })
 */
export const uwSo = defineWeighting({
  type: 'uw-so',
  options: z.strictObject({
    temperature: z
      .number()
      .min(1e-6)
      .max(1e6)
      .default(1)
      .describe('temperature of the softmax over the weights; larger values make them ' + 'more equal'),
    softmax: z.boolean().default(true).describe('false for UW-O, the bare 1/L'),
  }),
  create: ({ temperature, softmax }) => ({
    acrossSamples: true,
    /** No numbers from the host side. */
    scalars: () => ({}),
    /** One scalar weight for each loss, from the losses of the batch. */
    weights: ({ losses }) =>
      weightsFrom(losses, (values) => {
        const guarded = tf.add(tf.relu(values), epsilon);
        if (!softmax) return tf.reciprocal(guarded);
        // 1/L minus its largest, as (L_min − L)/(L·L_min): inverses of small losses are large, and their rounding errors too.
        const least = tf.min(guarded);
        return tf.softmax(tf.div(tf.div(tf.div(tf.sub(least, guarded), guarded), least), temperature));
      }),
  }),
});
