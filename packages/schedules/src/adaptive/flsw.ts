import { defineTemperature, meanOverCounted, tf } from '@temper/core';
import { z } from 'zod';
import { value } from '../options.js';
import { aboutBase } from './about-base.js';
import { atLeast } from './bounds.js';

/**
 * Focal logit-similarity weighting: samples on which student and teacher differ get a lower temperature. Per sample, with
 * ẑ = z/(‖z‖ + 1e-4): w = (1 − ẑ_s·ẑ_t)^gamma, T = base + beta·(mean w − w), the mean over the counted samples of the batch; no gradient
 * passes through T. Shape `[..., 1]`. Source: TextBrewer (arXiv 2002.12620) after arXiv 1911.07471.
 * @example flsw({ base: 4, beta: 1, gamma: 1 })
 */
export const flsw = defineTemperature({
  type: 'flsw',
  options: (ref) =>
    z
      .strictObject({
        base: ref.schedule.describe('mean temperature'),
        beta: value.default(1).describe('size of the variation'),
        gamma: z.number().min(0).max(10).default(1).describe('exponent of the weight'),
        min: atLeast,
      })
      .describe('per sample about `base`, lower where student and teacher differ (beta `beta`, gamma `gamma`), at least `min`'),
  create: ({ base, beta, gamma, min }) =>
    aboutBase(base, min, (base, { student, teacher, mask }) => {
      const similarity = tf.sum(tf.mul(direction(student), direction(teacher)), -1, true);
      // Rounding may make the difference negative, and a fractional power of it NaN.
      const weight = tf.pow(tf.relu(tf.sub(1, similarity)), gamma);
      return tf.maximum(tf.add(base, tf.mul(beta, tf.sub(meanOverCounted(weight, mask), weight))), min);
    }),
});

const direction = (logits: tf.Tensor): tf.Tensor => tf.div(logits, tf.add(tf.norm(logits, 'euclidean', -1, true), 1e-4));
