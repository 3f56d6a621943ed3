import { tf, type Loss, type Refs, type Schedule, type TemperatureSchedule } from '@temper/core';
import { createLoss, type Needing } from './create-loss.js';
import { ownTemperature, withOwnTemperature } from './own-temperature.js';
import { scaled, scaleOption, type Scale } from './scale.js';
import { aligned, type Softened } from './softened.js';
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
  formula: (soft: Softened, x: Needing<N | 'teacher'>) => tf.Tensor,
  { scale, temperature }: SoftOptions,
  needs: readonly N[] = [],
): Loss {
  const loss = createLoss([...needs, 'teacher' as const], (x) => {
    const temperatures = temperaturesOf(x);
    return scaled(formula(soften(x, temperatures), x), scale, temperatures, x);
  });
  return withOwnTemperature(loss, temperature);
}

/** Logits divided by their temperature, minus the largest, so that their differences stay accurate. */
export function soften({ student, teacher }: Needing<'teacher'>, temperatures: Sides): Softened {
  const level = aligned({ student, teacher: constant(teacher), apart: withoutGradient(() => tf.sub(teacher, student)) });
  // Divides once per temperature, not once per logit.
  const coldness = { student: tf.div(1, temperatures.student), teacher: tf.div(1, temperatures.teacher) };
  const soft = { student: tf.mul(level.student, coldness.student), teacher: tf.mul(level.teacher, coldness.teacher) };
  const isCommon = temperatures.student === temperatures.teacher;
  return { ...soft, apart: withoutGradient(() => (isCommon ? tf.mul(level.apart, coldness.student) : tf.sub(soft.teacher, soft.student))) };
}

/** The teacher's logits: a constant of every loss. */
export const constant = (teacher: tf.Tensor): tf.Tensor => withoutGradient(() => tf.clone(teacher));
