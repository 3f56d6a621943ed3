import { defineWeighting, tf } from '@temper/core';
import { z } from 'zod';

/** Factors of exp(−s)·L and of s in each form. */
const forms = { half: [0.5, 0.5], full: [1, 1], classification: [1, 0.5] } as const;
/** Beyond this log-variance the weight stays as it is; exp(30) is 1e13. */
const furthest = 30;
const variableOf = (loss: string): string => `logVariance/${loss}`;

/**
 * Learned uncertainty: each loss has a log-variance s_k, trained with the student, that weighs it.
 *
 * Formula, total = Σ_k w_k·L_k + penalty:
 * `half` (default): w_k = exp(−s_k)/2, penalty Σ s_k/2, the regression likelihood of the paper, as in MTAN and LibMTL;
 * `full`: w_k = exp(−s_k), penalty Σ s_k, exactly twice that, as in the first author's notebook;
 * `classification`: w_k = exp(−s_k), penalty Σ s_k/2, the paper's likelihood for a softmax.
 * Every s_k starts at `initial` (−0.5 as in LibMTL; the notebook has 0) and is clipped to ±30, so that a loss that vanishes cannot have an
 * infinite weight. At the optimum w_k ∝ 1/L_k.
 *
 * Variables: `logVariance/<loss>`, trained by the run's optimizer and rate.
 * @see arXiv 1705.07115
 * @example uncertainty({ form: 'full', initial: 0 })
 */
export const uncertainty = defineWeighting({
  type: 'uncertainty',
  options: z.strictObject({
    form: z.enum(['half', 'full', 'classification']).default('half').describe('which likelihood'),
    initial: z.number().min(-furthest).max(furthest).default(-0.5).describe('log-variance to start with'),
  }),
  create: ({ form, initial }) => {
    const [weightFactor, penaltyFactor] = forms[form];
    const held = (variable: tf.Variable | undefined): tf.Tensor => tf.clipByValue(variable as tf.Variable, -furthest, furthest);
    return {
      /** No numbers from the host side. */
      scalars: () => ({}),
      /** One log-variance for each loss. */
      variables: ({ losses }) =>
        Object.fromEntries(losses.map((loss) => [variableOf(loss), tf.tidy(() => tf.variable(tf.scalar(initial)))])),
      /** One scalar weight for each loss, from its log-variance. */
      weights: ({ losses, variables }) =>
        Object.fromEntries(
          Object.keys(losses).map((loss) => [loss, tf.mul(tf.exp(tf.neg(held(variables[variableOf(loss)]))), weightFactor)]),
        ),
      /** The sum of the log-variances, times the factor of the form. */
      penalty: ({ losses, variables }) =>
        tf.mul(tf.addN(Object.keys(losses).map((loss) => held(variables[variableOf(loss)]))), penaltyFactor),
    };
  },
});
