import { defineTemperature, tf, type TemperatureSchedule } from '@temper/core';
import { z } from 'zod';
import { lowest, temperature as inRange } from '../options.js';
import { atMost, base as checked, isOrdered, notOrdered } from './bounds.js';
import { detached } from './graph.js';

/**
 * Temperature of each side in proportion to its largest logit, so that the largest softened logit is the same for every sample. Per sample
 * and side: T = factor·max z, clipped to `min` and `max`. With `from: 'mean'` the largest logit is measured from the mean of the logits,
 * so that a constant added to them changes nothing. No gradient passes through T.
 *
 * Shape `[..., 1]` for each side. Source: arXiv 2503.09030 sets the temperature in proportion to the largest logit; `from` and the bounds
 * are ours, and no reference numbers exist.
 * @example largestLogit({ factor: 0.5 })
 */
export const largestLogit = defineTemperature({
  type: 'largest-logit',
  options: (ref) =>
    z
      .strictObject({
        factor: ref.schedule.optional().describe('temperature per unit of the largest logit; default 1'),
        from: z.enum(['zero', 'mean']).default('zero').describe('what the largest logit is measured from'),
        min: inRange.min(lowest).default(1).describe('smallest temperature'),
        max: atMost,
      })
      .refine(isOrdered, notOrdered)
      .describe('per sample and side in proportion to the largest logit[, times `factor`], measured from `from`, from `min` to `max`'),
  create({ factor = () => 1, from, min, max }): TemperatureSchedule {
    const times = checked(factor, 1e-6, 'factor');
    const ofSide = (logits: tf.Tensor, factor: tf.Scalar): tf.Tensor =>
      detached([logits], () => {
        const largest = tf.max(logits, -1, true);
        const height = from === 'zero' ? largest : tf.sub(largest, tf.mean(logits, -1, true));
        return tf.minimum(tf.maximum(tf.mul(factor, height), min), max);
      });
    return {
      scalars: (at) => ({ factor: times(at) }),
      temperature: ({ scalars, student, teacher }) => ({
        student: ofSide(student, scalars['factor'] as tf.Scalar),
        teacher: ofSide(teacher, scalars['factor'] as tf.Scalar),
      }),
    };
  },
});
