import { defineTemperature, squaredHellinger, tf } from '@temper/core';
import { z } from 'zod';
import { aboutBase } from './about-base.js';
import { atLeast, atMost, isOrdered, notOrdered } from './bounds.js';
import { medianOfCounted } from './median.js';

/**
 * Inverse difficulty temperature: tokens on which student and teacher differ more than usual get a lower temperature, the others a higher
 * one. With d the Hellinger distance between the softmaxes of both at T = 1 and m the median of d over the counted positions of the batch,
 * T = base·exp(−scale·tanh(log(d/m))). A negative scale reverses the direction. No gradient passes through T.
 *
 * Shape `[..., 1]`; samples of a classification count as tokens. Source: arXiv 2510.11615 (AdaKD) and its code, which takes the lower of
 * two medians and passes a gradient through T; here T is a constant. Where all positions are equal, T is base; the code divides 0 by 0.
 * @example inverseDifficulty({ base: 2, scale: 0.3 })
 */
export const inverseDifficulty = defineTemperature({
  type: 'inverse-difficulty',
  options: (ref) =>
    z
      .strictObject({
        base: ref.schedule.describe('temperature at the median difficulty'),
        scale: z.number().min(-5).max(5).default(0.3).describe('size of the variation: T is between base·e^−scale and base·e^scale'),
        min: atLeast,
        max: atMost,
      })
      .refine(isOrdered, notOrdered)
      .describe('per token about `base`, lower where student and teacher differ more than usual (scale `scale`), from `min` to `max`'),
  create: ({ base, scale, min, max }) =>
    aboutBase(base, min, (base, { student, teacher, mask }) => {
      const squared = squaredHellinger(student, teacher);
      const middle = medianOfCounted(squared, mask);
      // tanh(log r) = (r² − 1)/(r² + 1), here without a division by the median; d² is at most 1.
      const harder = tf.div(tf.sub(squared, middle), tf.maximum(tf.add(squared, middle), 1e-30));
      return tf.minimum(tf.maximum(tf.mul(base, tf.exp(tf.mul(-scale, harder))), min), max);
    }),
});
