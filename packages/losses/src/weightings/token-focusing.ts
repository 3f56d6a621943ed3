import {
  defineWeighting,
  meanOverCounted,
  scheduleWithin,
  squaredHellinger,
  TemperError,
  tf,
  type Json,
  type WeightingInputs,
} from '@temper/core';
import { z } from 'zod';
import { withoutGradient } from '../losses/support/without-gradient.js';
import { eachUpdate } from '../support/each-update.js';
import { restOf } from './support/rest.js';

const memory = z.strictObject({
  share: z.number().gt(0).max(1),
  /** Moving average of the loss; null before the first observation. */
  average: z.number().nullable(),
  /** The average at the last change; null before the end of the warm-up. */
  reference: z.number().nullable(),
  /** Mean loss and update of the last observation. */
  loss: z.number().nullable(),
  step: z.number(),
});
type Memory = z.infer<typeof memory>;
type Rule = Pick<Memory, 'share' | 'average' | 'reference'> & { readonly count: number };

const initial: Memory = { share: 1, average: null, reference: null, loss: null, step: -1 };

/**
 * Trains on the hardest tokens alone, fewer as the soft loss falls and more as it rises (LATF): with n counted positions and the share r,
 * the max(1, ⌊n·r⌋) positions with the largest Hellinger distance between the softmaxes of both networks at T = 1 get w_soft = α·n/k, all
 * others 0, so that the soft term is α times its mean over the k selected positions; w_hard = 1 − α.
 *
 * After every update with the mean soft loss L of the selected positions: e ← decay·e + (1 − decay)·L; where e rose by more than
 * `tolerance` since the last change, r ← min(1, r·(1 + step)), where it fell by more, r ← max(least, r·(1 − step)). r stays 1 for `warmUp`
 * of the stage. L is measured between two evaluations; the rule is then applied as often as there were updates, with the loss on a
 * straight line between two means. With `evaluateEvery: { steps: 1 }` it is the authors' rule exactly.
 *
 * α is `soft`, a number or a schedule within [0, 1]. State: r, e, the average at the last change, and the last L. Positions of equal
 * distance are selected together.
 * @throws TemperError where the run has no teacher, or `soft` leaves [0, 1].
 * @see arXiv 2510.11615
 * @example tokenFocusing({ soft: 1, decay: 0.99 })
 */
export const tokenFocusing = defineWeighting({
  type: 'token-focusing',
  shorthand: 'soft',
  options: (ref) =>
    z.strictObject({
      soft: ref.schedule.describe('weight of the soft loss, from 0 to 1: a number or a schedule'),
      decay: z.number().min(0).lt(1).default(0.99).describe('share of the old value in the moving average of the loss, per update'),
      tolerance: z.number().gt(0).lt(1).default(0.1).describe('relative change of the average that changes the share of positions'),
      step: z.number().gt(0).lt(1).default(0.1).describe('relative change of the share of positions'),
      least: z.number().gt(0).max(1).default(0.1).describe('smallest share of positions'),
      warmUp: z.number().min(0).max(1).default(0.01).describe('part of the stage in which all positions are selected'),
    }),
  create: ({ soft, decay, tolerance, step, least, warmUp }) => {
    const alpha = scheduleWithin(soft, { path: 'soft', min: 0, max: 1 });
    const rule = ({ share, average, reference, count }: Rule, loss: number, total: number): Rule => {
      const next = average === null ? loss : decay * average + (1 - decay) * loss;
      const now = { average: next, count: count + 1 };
      if (reference === null) return { ...now, share, reference: now.count > warmUp * total ? next : null };
      if (next > reference * (1 + tolerance)) return { ...now, share: Math.min(1, share * (1 + step)), reference: next };
      if (next < reference * (1 - tolerance)) return { ...now, share: Math.max(least, share * (1 - step)), reference: next };
      return { ...now, share, reference };
    };
    return {
      losses: ['soft', 'hard'],
      acrossSamples: true,
      /** The weights α and 1 − α, and the share of positions. */
      scalars(at, state) {
        const weight = alpha(at);
        return { soft: weight, hard: restOf(weight), share: (state as Memory).share };
      },
      /** Weights of the positions for `soft`, a scalar for `hard`. */
      weights: (x) => ({ soft: tf.mul(focusOf(x), x.scalars['soft'] as tf.Scalar), hard: x.scalars['hard'] as tf.Scalar }),
      measure: (x) => ({
        focused: withoutGradient(() => meanOverCounted(tf.mul(focusOf(x), x.values['soft'] as tf.Tensor), x.mask)) as tf.Scalar,
      }),
      state: {
        initial,
        schema: memory,
        observe(state, { focused: loss }, at): Json {
          const before = state as Memory;
          if (loss === undefined || !Number.isFinite(loss)) return before;
          const step = at?.step ?? before.step + 1;
          const [from, last] = [before.loss ?? loss, at === undefined ? null : before.step];
          const first: Rule = { ...before, count: before.step + 1 };
          const { share, average, reference } = eachUpdate(first, { from, to: loss, last, at }, (now, update) =>
            rule(now, update.loss, at?.total ?? 0),
          );
          return { share, average, reference, loss, step };
        },
      },
    };
  },
});

/** n/k for the k hardest of n counted positions, 0 for the others; in the shape of the labels. */
function focusOf({ student, teacher, labels, mask, scalars }: WeightingInputs): tf.Tensor {
  if (teacher === undefined) {
    throw new TemperError({
      code: 'config/invalid',
      message: '"token-focusing" needs a teacher, and the run has none',
      hint: 'Add a teacher, or use another weighting, for instance alpha.',
    });
  }
  return withoutGradient(() => {
    const counted = mask === undefined ? tf.ones(labels.shape) : tf.cast(mask, 'float32');
    const difficulty = tf.where(tf.greater(counted, 0), tf.reshape(squaredHellinger(student, teacher), labels.shape), -1);
    const sorted = tf.topk(tf.reshape(difficulty, [-1]), labels.size).values;
    const all = tf.sum(counted);
    // A product such as 0.7 · 10 must not be rounded to less than 7.
    const wanted = tf.maximum(tf.floor(tf.mul(tf.mul(all, scalars['share'] as tf.Scalar), 1 + 1e-6)), 1);
    const isLast = tf.cast(tf.equal(tf.range(1, labels.size + 1, 1, 'float32'), wanted), 'float32');
    const threshold = tf.sum(tf.mul(sorted, isLast));
    const selected = tf.mul(tf.cast(tf.greaterEqual(difficulty, threshold), 'float32'), counted);
    return tf.mul(selected, tf.div(all, tf.maximum(tf.sum(selected), 1)));
  });
}
