import { defineWeighting, type LossWeighting } from '@temper/core';
import { z } from 'zod';
import { lossesIn, lossMeans, usualLosses } from './support/observed-losses.js';

/** Means of the last epoch, and of the one before. */
const history = z.strictObject({ last: lossMeans.nullable(), before: lossMeans.nullable() });
type History = z.infer<typeof history>;

/** Makes 0/0 equal 1: a loss that stays 0 does not fall. */
const tiny = 1e-12;

/**
 * Dynamic weight average: a loss that falls more slowly than the others gets more weight.
 *
 * Formula: w_k = K · softmax_k(r_k / T) with r_k = L_k(t−1)/L_k(t−2), means over the last two epochs, K losses; the
 * weights sum to K, and are 1 until two epochs are over. An epoch is the time between two evaluations. T = 2 in
 * the paper. MTAN and LibMTL count alike: the weights of epoch t come from t−1 and t−2.
 *
 * State: the means of the last two epochs, saved with every checkpoint.
 * @see arXiv 1803.10704
 * @example
 * const weighting = dwa({ temperature: 2 });
 * let state = weighting.state.initial;
 * state = weighting.state.observe(state, { 'loss.soft': 2, 'loss.hard': 1 });
 * weighting.scalars({ step: 0, total: 100 }, state, ['soft', 'hard']); // { soft: 1, hard: 1 }
 */
export const dwa = defineWeighting({
  type: 'dwa',
  options: z.strictObject({
    temperature: z
      .number()
      .min(1e-6)
      .max(1e6)
      .default(2)
      .describe('temperature of the softmax over the weights; ' + 'larger values ' + 'make them ' + 'more equal'),
  }),
  create: ({ temperature }) =>
    ({
      /** The weights of this epoch. */
      scalars(_at, state, losses?: readonly string[]) {
        const { last, before } = state as History;
        const names = losses ?? (last === null ? usualLosses : Object.keys(last));
        if (last === null || before === null) return Object.fromEntries(names.map((name) => [name, 1]));
        const ratio = (name: string): number => ((last[name] ?? 0) + tiny) / ((before[name] ?? 0) + tiny);
        const logits = names.map((name) => ratio(name) / temperature);
        const largest = Math.max(...logits);
        const exponentials = logits.map((logit) => Math.exp(logit - largest));
        const sum = exponentials.reduce((a, b) => a + b, 0);
        return Object.fromEntries(names.map((name, i) => [name, (names.length * (exponentials[i] as number)) / sum]));
      },
      state: {
        initial: { last: null, before: null } satisfies History,
        schema: history,
        /** Moves the means of the last epoch into the history. */
        observe: (state, seen) => {
          const last = lossesIn(seen);
          return last === undefined ? state : ({ last, before: (state as History).last } satisfies History);
        },
      },
    }) satisfies LossWeighting,
});
