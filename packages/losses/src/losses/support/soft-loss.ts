import * as tf from '@tensorflow/tfjs-core';
import type { Loss, Refs, Schedule, TemperatureSchedule } from '@temper/core';
import { createLoss, type Needing } from './create-loss.js';
import { ownTemperature, withOwnTemperature } from './own-temperature.js';
import { scaled, scaleOption, type Scale } from './scale.js';
import { temperaturesOf, type Sides } from './temperature.js';
import { withoutGradient } from './without-gradient.js';

/** Options that all losses on softened logits share. */
export const softOptions = (ref: Refs, usualScale: Scale) => ({ scale: scaleOption(usualScale), temperature: ownTemperature(ref) });

interface SoftOptions {
  readonly scale: Scale;
  readonly temperature?: Schedule | TemperatureSchedule | undefined;
}

/**
 * A loss on softened logits z/T: `formula` gives one value per sample, which is then scaled. The teacher is a
 * constant; a learned temperature gets its gradient from both sides and from the scale.
 */
export function softLoss<N extends 'labels' = never>(
  formula: (soft: Sides, x: Needing<N | 'teacher'>) => tf.Tensor,
  { scale, temperature }: SoftOptions,
  needs: readonly N[] = [],
): Loss {
  const loss = createLoss([...needs, 'teacher' as const], (x) => {
    const temperatures = temperaturesOf(x);
    return scaled(formula(soften(x, temperatures), x), scale, temperatures, x);
  });
  return withOwnTemperature(loss, temperature);
}

/** Logits over their temperature. */
export function soften(x: Needing<'teacher'>, temperatures: Sides): Sides {
  return { student: tf.div(x.student, temperatures.student), teacher: tf.div(constant(x.teacher), temperatures.teacher) };
}

/** The teacher's logits: a constant of every loss. */
export const constant = (teacher: tf.Tensor): tf.Tensor => withoutGradient(() => tf.clone(teacher));
