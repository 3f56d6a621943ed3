import { tf } from '@temper/core';

/**
 * Computes what a loss treats as a constant: no gradient passes, and nothing is kept for a backward pass.
 * @example const weights = withoutGradient(() => tf.exp(tf.neg(values)));
 */
export const withoutGradient = (compute: () => tf.Tensor): tf.Tensor => tf.customGrad(() => ({ value: compute(), gradFunc: () => [] }))();
