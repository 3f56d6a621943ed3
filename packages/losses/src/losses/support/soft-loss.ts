import { isPerClass, tf, type Loss, type Refs, type Schedule, type TemperatureSchedule } from '@temper/core';
import { createLoss, type Needing } from './create-loss.js';
import { ownTemperature, withOwnTemperature } from './own-temperature.js';
import { largestOf } from './probabilities.js';
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
  more: Readonly<Partial<Loss>> = {},
): Loss {
  const values = (x: Needing<N | 'teacher'>): tf.Tensor => {
    const temperatures = temperaturesOf(x);
    return scaled(formula(soften(x, temperatures), x), scale, temperatures, x);
  };
  const loss = createLoss([...needs, 'teacher' as const], values, more);
  return withOwnTemperature(loss, temperature);
}

/** Logits divided by their temperature, minus the largest, so that their differences stay accurate. */
export function soften({ student, teacher }: Needing<'teacher'>, temperatures: Sides): Softened {
  const level = aligned({ student, teacher: constant(teacher), apart: withoutGradient(() => tf.sub(teacher, student)) });
  // Divides once per temperature, not once per logit.
  const coldness = { student: tf.div(1, temperatures.student), teacher: tf.div(1, temperatures.teacher) };
  const soft = { student: tf.mul(level.student, coldness.student), teacher: tf.mul(level.teacher, coldness.teacher) };
  const isCommon = temperatures.student === temperatures.teacher;
  const apart = (): tf.Tensor => (isCommon ? tf.mul(level.apart, coldness.student) : tf.sub(soft.teacher, soft.student));
  if (!isPerClass(coldness.student) && !isPerClass(coldness.teacher)) return { ...soft, apart: withoutGradient(apart) };
  const moved = { student: moveOf(student, level.student, coldness.student), teacher: moveOf(teacher, level.teacher, coldness.teacher) };
  return aligned({
    student: tf.add(soft.student, moved.student),
    teacher: tf.add(soft.teacher, moved.teacher),
    apart: withoutGradient(() => tf.add(apart(), tf.sub(moved.teacher, moved.student))),
  });
}

/**
 * With a temperature for each class, z/T is not (z − max z)/T up to a constant: what is missing is max z·(1/T − 1/T of the largest), which
 * is exactly 0 where the classes have the same temperature. The largest logit and its temperature are constants, since a softmax does not
 * depend on what all classes have in common.
 */
function moveOf(logits: tf.Tensor, level: tf.Tensor, coldness: tf.Tensor): tf.Tensor {
  if (!isPerClass(coldness)) return tf.scalar(0);
  const ofLargest = withoutGradient(() => {
    const first = tf.oneHot(tf.argMax(level, -1), logits.shape[logits.rank - 1] as number, 1, 0, 'float32');
    return tf.sum(tf.mul(first, coldness), -1, true);
  });
  return tf.mul(largestOf(logits), tf.sub(coldness, ofLargest));
}

/** The teacher's logits: a constant of every loss. */
export const constant = (teacher: tf.Tensor): tf.Tensor => withoutGradient(() => tf.clone(teacher));
