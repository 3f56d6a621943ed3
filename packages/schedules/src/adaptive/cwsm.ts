import { defineTemperature, meanOverCounted, tf, type TemperatureSchedule } from '@temper/core';
import { z } from 'zod';
import { value } from '../options.js';
import { atLeast, base as checked } from './bounds.js';
import { detached } from './graph.js';

/**
 * Constant-weight-by-student-maximum: samples of which the student is unsure get a lower temperature. Per sample:
 * w = 1/(max softmax(z_s) + 1e-3), T = base + beta·(mean w − w), the mean over what counts in the batch; T is a constant for the
 * gradient. Shape `[..., 1]`. Source: TextBrewer (arXiv 2002.12620) after arXiv 1911.07471.
 * @example cwsm({ base: 4, beta: 0.5 })
 */
export const cwsm = defineTemperature({
  type: 'cwsm',
  options: (ref) =>
    z
      .strictObject({
        base: ref.schedule.describe('temperature about which it varies'),
        beta: value.default(1).describe('how far it varies'),
        min: atLeast,
      })
      .describe('per sample about `base`, lower where the student is unsure (beta `beta`), at least `min`'),
  create({ base, beta, min }): TemperatureSchedule {
    const about = checked(base, min);
    return {
      acrossSamples: true,
      scalars: (at) => ({ base: about(at) }),
      temperature: ({ scalars, student, mask }) =>
        detached([student], () => {
          const weight = tf.reciprocal(tf.add(tf.max(tf.softmax(student), -1, true), 1e-3));
          return tf.maximum(tf.add(scalars['base'] as tf.Scalar, tf.mul(beta, tf.sub(meanOverCounted(weight, mask), weight))), min);
        }),
    };
  },
});
