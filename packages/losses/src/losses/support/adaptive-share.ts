import type { Json, Loss, Progress, Schedule } from '@temper/core';
import { z } from 'zod';
import { eachUpdate } from '../../support/each-update.js';

/** Options of a share that moves faster than its schedule while a loss falls. */
export const adaptiveShareOptions = z.strictObject({
  rate: z.number().gt(0).max(1).default(0.0005).describe('largest step of the share for one update, as a part of what is missing to 1'),
  momentum: z
    .number()
    .min(0)
    .lt(1)
    .default(0.99)
    .describe('share of the old value in the moving average of the relative change, per update'),
  end: z.number().min(0).max(1).default(1).describe('largest share that it reaches by itself'),
});
type Options = z.infer<typeof adaptiveShareOptions>;

const memory = z.strictObject({
  /** Null before the second observation. */
  share: z.number().min(0).max(1).nullable(),
  momentum: z.number(),
  loss: z.number().nullable(),
  /** The update before the last observation. */
  step: z.number().nullable(),
});
type Memory = z.infer<typeof memory>;

const initial: Memory = { share: null, momentum: 0, loss: null, step: null };

/** The guard against division by 0 of the authors' code. */
const epsilon = 1e-15;

/**
 * The host side of a share t that follows a schedule and moves faster while the measured `crossEntropy` falls: for every update
 * m ← momentum·m + (1 − momentum)·(L₋₁ − L)/(L₋₁ + 1e-15), and t ← min(end, max(schedule, t + rate·sigmoid(m)·(1 − t))).
 */
export function adaptiveShare(schedule: Schedule, { rate, momentum, end }: Options): Pick<Loss, 'scalars' | 'state'> {
  return {
    scalars(at, state = initial) {
      const { share } = state as Memory;
      return { share: share === null ? schedule(at) : Math.max(schedule(at), share) };
    },
    state: {
      initial,
      schema: memory,
      observe(state, { crossEntropy: loss }, at): Json {
        const before = state as Memory;
        if (loss === undefined || !Number.isFinite(loss)) return before;
        const step = at?.step ?? before.step;
        if (before.loss === null) return { ...before, loss, step };
        const line = (at: Progress | undefined): number => (at === undefined ? 0 : schedule(at));
        const first = { share: before.share ?? line(at && { ...at, step: 0 }), momentum: before.momentum };
        const moved = eachUpdate(first, { from: before.loss, to: loss, last: before.step, at }, (now, update) => {
          const change = momentum * now.momentum + (1 - momentum) * ((update.before - update.loss) / (update.before + epsilon));
          const faster = now.share + (rate * (1 - now.share)) / (1 + Math.exp(-change));
          return { momentum: change, share: Math.min(end, Math.max(line(update.at), faster)) };
        });
        return { ...moved, loss, step };
      },
    },
  };
}
