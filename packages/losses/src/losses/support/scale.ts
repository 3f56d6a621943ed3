import { isPerClass, TemperError, tf, type LossInputs } from '@temper/core';
import { z } from 'zod';
import type { Sides } from './temperature.js';

/**
 * The factor of a soft loss. Softened logits make gradients shrink like 1/T²; `temperature-squared` (1503.02531) compensates for that, so
 * that annealing T keeps the balance with other losses. With `none` the loss fades at high T; `initial` keeps the factor of the stage's
 * first update.
 */
export type Scale = 'temperature-squared' | 'none' | 'initial';
export const scales = ['temperature-squared', 'none', 'initial'] as const satisfies readonly Scale[];

export const scaleOption = (usual: Scale) =>
  z.enum(scales).default(usual).describe('factor that compensates for small gradients at high temperature');

/**
 * Values per sample times the scale: T_student·T_teacher, which is T² where both are equal and each sample's own where
 * temperatures are per sample; T₀²; or 1. With temperatures per class, T² is the harmonic mean of T_student·T_teacher over the classes:
 * gradients at high temperature are proportional to 1/T² of their class, and their mean stays as it is without a temperature.
 * @throws TemperError if the scale is `initial` and the first temperature is not known.
 */
export function scaled(values: tf.Tensor, scale: Scale, { student, teacher }: Sides, { initialTemperature }: LossInputs): tf.Tensor {
  if (scale === 'none') return values;
  if (scale === 'initial') {
    if (initialTemperature !== undefined) return tf.mul(values, initialTemperature ** 2);
    throw new TemperError({
      code: 'config/invalid',
      message:
        "scale 'initial' needs the temperature of the first update, which is not known: it depends on the batch, or " +
        'initialTemperature is missing',
      hint: "Use scale 'temperature-squared', which scales every sample by its own temperature.",
    });
  }
  const factor = student === teacher ? tf.square(student) : tf.mul(student, teacher);
  if (factor.rank === 0) return tf.mul(values, factor);
  return tf.mul(values, isPerClass(factor) ? tf.div(1, tf.mean(tf.div(1, factor), -1)) : tf.squeeze(factor, [-1]));
}
