import { defineTemperature, meanOverCounted, tf, type Json, type TemperatureSchedule } from '@temper/core';
import { z } from 'zod';
import { sideOf } from '../combine/parts.js';
import { positive, temperature as inRange } from '../options.js';
import { atLeast, atMost, isInside, isOrdered, notInside, notOrdered, share } from './bounds.js';
import { entropyOf, shifted, soften } from './graph.js';

/**
 * Keeps the teacher's entropy at a set point: with h the mean entropy of the teacher's softmax at T over log(classes), measured
 * during training, T becomes T·exp(gain·(target − h)) after every evaluation, clipped to `min` and `max`. `target` may be
 * a schedule. One temperature for the batch; for one per sample see `entropy-matched`.
 * @example targetEntropy({ target: 0.6, from: 4 })
 */
export const targetEntropy = defineTemperature({
  type: 'target-entropy',
  options: (ref) =>
    z
      .strictObject({
        target: ref.schedule.describe('entropy as a share of the largest possible, between 0 and 1'),
        from: inRange.describe('temperature at the start'),
        gain: positive.max(10).default(2).describe('size of the correction; the temperature oscillates if it is too large'),
        min: atLeast,
        max: atMost,
      })
      .refine(isOrdered, notOrdered)
      .refine(isInside, notInside)
      .describe("from `from`, steered so that the teacher's entropy is `target` of the largest possible, from `min` to `max`"),
  create({ target, from, gain, min, max }): TemperatureSchedule {
    const wanted = share(target, 'target');
    return {
      scalars: (at, state) => ({ value: state as number, target: wanted(at) }),
      measure({ scalars, teacher, temperature, mask }) {
        const classes = teacher.shape[teacher.rank - 1] as number;
        const entropy = entropyOf(soften(shifted(teacher), sideOf(temperature, 'teacher')));
        return {
          entropyGap: tf.sub(scalars['target'] as tf.Scalar, tf.div(meanOverCounted(entropy, mask), Math.log(Math.max(2, classes)))),
        };
      },
      state: {
        initial: from,
        schema: z.number().min(min).max(max),
        observe(state, { entropyGap }): Json {
          const gap = entropyGap !== undefined && Number.isFinite(entropyGap) ? entropyGap : 0;
          return Math.min(max, Math.max(min, (state as number) * Math.exp(gain * gap)));
        },
      },
    };
  },
});
