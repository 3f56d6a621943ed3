import { defineTemperature, meanOverCounted, tf, type TemperatureSchedule } from '@temper/core';
import { z } from 'zod';
import { value } from '../options.js';
import { atLeast, base as checked } from './bounds.js';
import { detached } from './graph.js';

/**
 * Constant-weight-by-student-maximum: samples for which the student is uncertain get a lower temperature. Per sample:
 * w = 1/(max softmax(z_s) + 1e-3), T = base + beta·(mean w − w), the mean over the counted samples of the batch; no gradient passes through
 * T. Shape `[..., 1]`. Source: TextBrewer (arXiv 2002.12620) after arXiv 1911.07471.
 * @example cwsm({ base: 4, beta: 0.5 })
 */
export const cwsm = defineTemperature({
  type: 'cwsm',
  options: (ref) =>
    z
      .strictObject({
        base: ref.schedule.describe('mean temperature'),
        beta: value.default(1).describe('size of the variation'),
        min: atLeast,
      })
      .describe('per sample about `base`, lower where the student is uncertain (beta `beta`), at least `min`'),
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
