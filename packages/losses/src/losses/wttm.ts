import { defineLoss, isPerClass, tf } from '@temper/core';
import { z } from 'zod';
import { createLoss } from './support/create-loss.js';
import { divergence } from './support/divergence.js';
import { ownTemperature, withOwnTemperature } from './support/own-temperature.js';
import { fromLargest, logSumExp } from './support/probabilities.js';
import { soften } from './support/soft-loss.js';
import { temperaturesOf } from './support/temperature.js';
import { withoutGradient } from './support/without-gradient.js';

/**
 * Weighted transformed teacher matching: L = u · KL(softmax(z_t/T) ‖ softmax(z_s)) with u = Σ_c softmax(z_t)_c^(1/T), a
 * measure of the teacher's smoothness: samples on which it is less confident have more weight.
 *
 * Takes logits `[..., classes]` of both; gives `[...]`. Identical logits give 0 only at T = 1. No factor T², as in
 * `ttm`. The weight depends on the teacher alone and is not normalised over the batch.
 *
 * Source: 2402.11148. The authors' code sums powers of probabilities, which underflow for large logits; here
 * u = exp(logsumexp(z_t/T) − logsumexp(z_t)/T), the same number.
 * @throws TemperError without a teacher, or with shapes that do not fit.
 * @example wttm()({ student, teacher, temperature: 4 })
 */
export const wttm = defineLoss({
  type: 'wttm',
  options: (ref) => z.strictObject({ temperature: ownTemperature(ref) }),
  create: ({ temperature: own }) => {
    const loss = createLoss(['teacher'], (x) => {
      const { teacher: temperature } = temperaturesOf(x);
      const soft = soften(x, { student: tf.scalar(1), teacher: temperature });
      // Relative to the largest logit, so that the two sums stay accurate.
      const level = withoutGradient(() => fromLargest(x.teacher));
      const whole = withoutGradient(() => logSumExp(level));
      const smoothness = isPerClass(temperature)
        ? tf.sum(tf.exp(tf.div(tf.sub(level, whole), temperature)), -1)
        : tf.squeeze(tf.exp(tf.sub(logSumExp(soft.teacher), tf.div(whole, temperature))), [-1]);
      return tf.mul(smoothness, divergence(soft));
    });
    return withOwnTemperature(loss, own);
  },
});
