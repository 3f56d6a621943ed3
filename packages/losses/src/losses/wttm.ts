import * as tf from '@tensorflow/tfjs-core';
import { defineLoss } from '@temper/core';
import { z } from 'zod';
import { createLoss } from './support/create-loss.js';
import { divergence } from './support/divergence.js';
import { ownTemperature, withOwnTemperature } from './support/own-temperature.js';
import { soften } from './support/soft-loss.js';
import { temperaturesOf } from './support/temperature.js';
import { withoutGradient } from './support/without-gradient.js';

/**
 * Weighted transformed teacher matching: L = u · KL(softmax(z_t/T) ‖ softmax(z_s)) with u = Σ_c softmax(z_t)_c^(1/T), a
 * measure of the teacher's smoothness: samples on which it is less sure count more.
 *
 * Takes logits `[..., classes]` of both; gives `[...]`. Identical logits give 0 only at T = 1. No factor T², as in `ttm`. The
 * weight depends on the teacher alone and is not normalised over the batch.
 *
 * Source: 2402.11148. The authors' code sums powers of probabilities, which underflow for large logits; here
 * u = (max p)^(1/T) / max softmax(z_t/T) with p = softmax(z_t), the same number from values that cannot.
 * @throws TemperError without a teacher, or with shapes that do not fit.
 * @example wttm()({ student, teacher, temperature: 4 })
 */
export const wttm = defineLoss({
  type: 'wttm',
  options: (ref) => z.strictObject({ temperature: ownTemperature(ref) }),
  create: ({ temperature }) => {
    const loss = createLoss(['teacher'], (x) => {
      const temperatures = temperaturesOf(x);
      const soft = soften(x, temperatures).teacher;
      const surest = withoutGradient(() => tf.log(tf.max(tf.softmax(x.teacher), -1, true)));
      const smoothness = tf.div(tf.exp(tf.div(surest, temperatures.teacher)), tf.max(tf.softmax(soft), -1, true));
      return tf.mul(tf.squeeze(smoothness, [-1]), divergence(soft, x.student));
    });
    return withOwnTemperature(loss, temperature);
  },
});
