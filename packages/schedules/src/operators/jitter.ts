import { tf, type Progress } from '@temper/core';
import { z } from 'zod';
import { defineOperator } from '../combine/operator.js';
import { pointwise } from '../combine/pointwise.js';
import { withinTotal } from '../local-progress.js';

/**
 * Adds proportional noise: value = of · (1 + amount·u) with u uniform in [−1, 1). The noise depends on the seed and the step of the run
 * alone, so a resumed run has the same noise.
 * @example jitter({ of: hold(4), amount: 0.1, seed: 7 })({ step: 3, total: 100 }) // between 3.6 and 4.4
 */
export const jitter = defineOperator({
  type: 'jitter',
  options: (ref) =>
    z
      .strictObject({
        of: ref.temperature,
        amount: z.number().min(0).lt(1),
        seed: z
          .int()
          .min(0)
          .max(2 ** 32 - 1)
          .default(0),
      })
      .describe('`of` with noise of ±`amount` of it'),
  create({ of, amount, seed }) {
    const start = mix(seed + 1);
    const factor = (at: Progress): number => 1 + amount * (mix(start ^ stepOfRun(withinTotal(at))) / 2 ** 31 - 1);
    return pointwise(
      [of, factor],
      ([of, factor]) => of * factor,
      ([of, factor]) => tf.mul(of, factor),
    );
  },
});

/** The run's step, so that the parts of a sequence do not all have the same noise; past the run's end it stays. */
const stepOfRun = ({ run, step }: Progress): number => (run === undefined ? step : Math.min(run.step, run.total - 1));

/** A 32-bit number that looks unrelated to its neighbours' (murmur3's finaliser): drawn at every update, so cheaper than a stream. */
function mix(number: number): number {
  let h = number | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
