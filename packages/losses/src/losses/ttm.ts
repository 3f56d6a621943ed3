import { defineLoss, tf } from '@temper/core';
import { z } from 'zod';
import { createLoss } from './support/create-loss.js';
import { divergence } from './support/divergence.js';
import { ownTemperature, withOwnTemperature } from './support/own-temperature.js';
import { soften } from './support/soft-loss.js';
import { temperaturesOf } from './support/temperature.js';

/**
 * Transformed teacher matching: L = KL(softmax(z_t/T) ‖ softmax(z_s)). Only the teacher is softened, which equals `kl` with a Rényi entropy
 * term that keeps the student from being too confident.
 *
 * Takes logits `[..., classes]` of both; gives `[...]`. Identical logits give 0 only at T = 1. There is no factor T²:
 * the student is not divided by T, so its gradient does not fade.
 *
 * Source: 2402.11148, which transforms probabilities by the power γ = 1/T. The authors' code computes the power itself, which underflows
 * for large logits; it equals the softmax of z_t/T, as here.
 * @throws TemperError without a teacher, or with shapes that do not fit.
 * @example ttm()({ student, teacher, temperature: 4 })
 */
export const ttm = defineLoss({
  type: 'ttm',
  options: (ref) => z.strictObject({ temperature: ownTemperature(ref) }),
  create: ({ temperature }) => {
    const loss = createLoss(['teacher'], (x) => divergence(soften(x, { student: tf.scalar(1), teacher: temperaturesOf(x).teacher })));
    return withOwnTemperature(loss, temperature);
  },
});
