import { defineWeighting, tf } from '@temper/core';
import { z } from 'zod';
import { sumToCount, weightsFrom } from './support/constant-weights.js';
import { weightsByName } from './support/options.js';

/** Keeps the division finite where every gradient is 0. */
const tiny = 1e-30;

/**
 * Balances the losses by the size of their gradients: the weighted gradients have equal norms, or norms in the ratio of `shares`.
 *
 * Formula: w_k = K·q_k/Σ_j q_j with q_k = share_k/n_k, n_k = ‖∂L_k/∂z‖ over the batch, z the student's logits. With
 * equal shares (default) all w_k·n_k are equal; the weights sum to K. Norms are at least the largest one divided by `limit` (10), so that a
 * loss whose gradient vanishes does not take all the weight from the others. Weights are constants for the gradient.
 *
 * This is the fixed point of GradNorm (1711.02257) with α = 0, computed directly instead of learned, and at the logits instead of the last
 * shared layer. Each loss costs one more backward pass as far as the logits.
 * @see arXiv 1711.02257
 * @example gradientNorm({ shares: { soft: 0.7, hard: 0.3 } })
 */
export const gradientNorm = defineWeighting({
  type: 'gradient-norm',
  options: z.strictObject({
    shares: weightsByName.optional().describe('share of each loss in the sum of gradient norms; default: equal'),
    limit: z.number().min(1).max(1e6).default(10).describe('largest ratio between two norms that is compensated for'),
  }),
  create: ({ shares, limit }) => ({
    acrossSamples: true,
    ...(shares === undefined ? {} : { losses: Object.keys(shares) }),
    /** No numbers from the host side. */
    scalars: () => ({}),
    /** One scalar weight for each loss, from the norms of its gradients. */
    weights: ({ losses, gradientOf }) => {
      const names = Object.keys(losses);
      const norms = Object.fromEntries(names.map((name) => [name, tf.norm(gradientOf(name)) as tf.Scalar]));
      return weightsFrom(norms, (values) => {
        const least = tf.maximum(tf.div(tf.max(values), limit), tiny);
        const share = tf.tensor1d(names.map((name) => shares?.[name] ?? 1));
        return sumToCount(tf.div<tf.Tensor1D>(share, tf.maximum(values, least)));
      });
    },
  }),
});
