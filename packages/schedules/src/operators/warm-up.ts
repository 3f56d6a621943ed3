import { tf } from '@temper/core';
import { z } from 'zod';
import { defineOperator } from '../combine/operator.js';
import { pointwise } from '../combine/pointwise.js';
import { length, updatesIn } from '../length.js';
import { value } from '../options.js';

/**
 * Blends from a number to a schedule, which keeps its own progress: with W updates of warm-up and w = min(1, step/W), value = from·(1 − w)
 * + of·w.
 * @example warmUp({ of: hold(4), from: 2, over: { steps: 10 } })({ step: 5, total: 100 }) // 3
 */
export const warmUp = defineOperator({
  type: 'warm-up',
  options: (ref) =>
    z.strictObject({ of: ref.temperature, from: value, over: length }).describe('warm-up from `from` over `over`, then `of`'),
  create({ of, from, over }) {
    const updates = updatesIn(over);
    const share = (at: Parameters<typeof updates>[0]): number => {
      const warm = Math.round(updates(at));
      const step = Math.min(at.step, at.total - 1);
      return step < warm ? step / warm : 1;
    };
    // Both ends exact: 0·x and 1·x round nothing.
    return pointwise(
      [of, share],
      ([of, share]) => from * (1 - share) + of * share,
      ([of, share]) => tf.add(tf.mul(from, tf.sub(1, share)), tf.mul(of, share)),
    );
  },
});
