import { defineWeighting, tf, type WeightingInputs } from '@temper/core';
import { z } from 'zod';
import { sumToCount, weightsFrom } from './support/constant-weights.js';
import { weightsByName } from './support/options.js';
import { lossesIn, lossMeans, usualLosses, type Losses } from './support/observed-losses.js';

/** Losses are clipped to this range, so that every ratio is finite. */
const [smallest, largest] = [1e-12, 1e12];
const held = (values: tf.Tensor): tf.Tensor1D => tf.clipByValue(values, smallest, largest) as tf.Tensor1D;

const forms = {
  'equal-contribution': (losses: tf.Tensor1D) => sumToCount(tf.reciprocal(losses)),
  'ratio-to-first': (losses: tf.Tensor1D) => tf.div(tf.slice1d(losses, 0, 1), losses),
  'relative-to-initial': (_losses: tf.Tensor1D, rate: tf.Tensor1D) => sumToCount(rate),
  'relative-to-initial-softmax': (_losses: tf.Tensor1D, rate: tf.Tensor1D) => tf.mul(tf.softmax(rate), rate.size),
};
type Form = keyof typeof forms;
const names = Object.keys(forms) as [Form, ...Form[]];
const isRelative = (form: Form): boolean => form.startsWith('relative-to-initial');
const scalarOf = (loss: string): string => `initial.${loss}`;

/**
 * Balances the losses by their values in the batch, in one of four forms:
 *
 * `equal-contribution` (default): w_k = K·(1/L_k)/Σ_j 1/L_j, which makes all w_k·L_k equal;
 * `ratio-to-first`: w_k = L_0/L_k, the same with weight 1 for the first loss;
 * `relative-to-initial`: w_k = K·r_k/Σ_j r_j with r_k = L_k/L_k(0), more weight for losses that have fallen less, the inverse training rate
 * of GradNorm (1711.02257) without its gradients;
 * `relative-to-initial-softmax`: w = K·softmax(r), the core of ReLoBRaLo (2110.09813) without its history.
 *
 * L(0) is `initial` where that is given (log C is what a classifier of C classes starts with); otherwise the mean over
 * the first epoch, and until then all weights are 1. Weights count as constants for the gradient. Losses are clipped to 1e-12 … 1e12.
 *
 * State: the first means, for the relative forms.
 * @see arXiv 1711.02257, 2110.09813
 * @example lossRatio({ form: 'relative-to-initial', initial: { soft: 30, hard: 2.3 } })
 */
export const lossRatio = defineWeighting({
  type: 'loss-ratio',
  options: z
    .strictObject({
      form: z.enum(names).default('equal-contribution').describe('which ratio'),
      initial: weightsByName.optional().describe('losses at the start, for the relative forms'),
    })
    .refine(({ form, initial }) => initial === undefined || isRelative(form), {
      path: ['initial'],
      message: `is only for the forms ${names.filter(isRelative).join(' and ')}`,
    }),
  create: ({ form, initial }) => {
    const weights = ({ losses, scalars }: WeightingInputs) => {
      if (!isRelative(form)) return weightsFrom(losses, (values) => forms[form](held(values), values));
      const first = tf.stack(Object.keys(losses).map((loss) => scalars[scalarOf(loss)] as tf.Scalar));
      return weightsFrom(losses, (values) => {
        const relative = forms[form](held(values), tf.div(held(values), held(first)));
        return tf.where(tf.greater(tf.min(first), 0), relative, tf.onesLike(relative));
      });
    };
    if (!isRelative(form)) {
      return {
        acrossSamples: true,
        /** No numbers from the host side. */
        scalars: () => ({}),
        /** One scalar weight for each loss, from the losses of the batch. */
        weights,
      };
    }
    return {
      acrossSamples: true,
      /** One scalar weight for each loss, from the losses of the batch and those at the start. */
      weights,
      ...(initial === undefined ? {} : { losses: Object.keys(initial) }),
      /** L(0) of each loss; 0 until it is known. */
      scalars(_at, state, losses) {
        const known: Losses = initial ?? (state as Losses);
        const terms = losses ?? (Object.keys(known).length === 0 ? usualLosses : Object.keys(known));
        return Object.fromEntries(terms.map((loss) => [scalarOf(loss), loss in known ? Math.max(known[loss] as number, smallest) : 0]));
      },
      state: {
        initial: {},
        schema: lossMeans,
        /** Keeps the first observed means. */
        observe: (state, seen) => (Object.keys(state as Losses).length > 0 ? state : (lossesIn(seen) ?? state)),
      },
    };
  },
});
