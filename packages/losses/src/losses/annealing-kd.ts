import { defineLoss, TemperError, tf } from '@temper/core';
import { z } from 'zod';
import { createLoss } from './support/create-loss.js';
import { ownTemperature, withOwnTemperature } from './support/own-temperature.js';
import { constant } from './support/soft-loss.js';
import { meanSquaredError } from './support/squared-error.js';
import { temperaturesOf } from './support/temperature.js';

/**
 * Phase I of Annealing-KD, regression to the teacher's logits, which start small and grow:
 * L = (1/classes) Σ_c (z_s − Φ(T)·z_t)² with Φ(T) = 1 − (T − 1)/T_max, the temperature going from T_max down to 1.
 * Phase II is `cross-entropy` alone: make it a stage of its own.
 *
 * Takes logits `[..., classes]` of both; gives `[...]`. `maxTemperature` defaults to the stage's first temperature.
 *
 * Source: 2104.07163. The authors' code counts T up from 1 and multiplies by T/T_max, the paper counts down; both give
 * the same targets. Here T falls as in the paper, so any falling schedule can be used.
 * @throws TemperError without a teacher, and if the maximal temperature is not known.
 * @example annealingKd({ maxTemperature: 10 })({ student, teacher, temperature: 7 })
 */
export const annealingKd = defineLoss({
  type: 'annealing-kd',
  options: (ref) => z.strictObject({ maxTemperature: z.number().min(1).optional(), temperature: ownTemperature(ref) }),
  create: ({ maxTemperature, temperature }) => {
    const loss = createLoss(['teacher'], (x) => {
      const most = maxTemperature ?? x.initialTemperature;
      if (most === undefined) {
        throw new TemperError({
          code: 'config/invalid',
          message:
            'needs maxTemperature if the first temperature is not known: the temperature depends on the batch, or was given as ' +
            'a number',
          hint: 'Set maxTemperature to the temperature at which annealing starts.',
        });
      }
      const phi = tf.sub(1, tf.div(tf.sub(temperaturesOf(x).teacher, 1), most));
      return meanSquaredError(x.student, tf.mul(constant(x.teacher), phi));
    });
    return withOwnTemperature(loss, temperature);
  },
});
