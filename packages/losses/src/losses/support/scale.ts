import * as tf from '@tensorflow/tfjs-core';
import { TemperError, type LossInputs } from '@temper/core';
import { z } from 'zod';
import type { Sides } from './temperature.js';

/**
 * What a soft loss is multiplied by. Softened logits make gradients shrink like 1/T²; `temperature-squared`
 * (1503.02531) undoes that, so that annealing T leaves the balance with other losses alone. `none` lets the loss
 * fade at high T, `initial` keeps the factor of the stage's first update.
 */
export const scales = ['temperature-squared', 'none', 'initial'] as const;
export type Scale = (typeof scales)[number];

export const scaleOption = (usual: Scale) => z.enum(scales).default(usual).describe('what the loss is multiplied by against the fading of gradients at high temperature');

/**
 * Values per sample times the scale: T_student·T_teacher (T² where both are equal), each sample by its own where
 * temperatures are per sample; T₀²; or 1.
 */
export function scaled(values: tf.Tensor, scale: Scale, temperatures: Sides, { initialTemperature }: LossInputs): tf.Tensor {
  if (scale === 'none') return values;
  if (scale === 'initial') {
    if (initialTemperature === undefined) {
      throw new TemperError({
        code: 'config/invalid',
        message: "scale 'initial' needs the temperature of the first update, and this temperature depends on the batch (or initialTemperature was not given)",
        hint: "Use scale 'temperature-squared', which scales every sample by its own temperature.",
      });
    }
    return tf.mul(values, initialTemperature ** 2);
  }
  const factor = temperatures.student === temperatures.teacher ? tf.square(temperatures.student) : tf.mul(temperatures.student, temperatures.teacher);
  return tf.mul(values, factor.rank === 0 ? factor : tf.squeeze(factor, [-1]));
}
