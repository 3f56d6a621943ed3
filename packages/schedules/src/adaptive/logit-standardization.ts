import { defineTemperature, tf, type TemperatureSchedule } from '@temper/core';
import { z } from 'zod';
import { lowest } from '../options.js';
import { base as checked } from './bounds.js';

/**
 * Standardises the logits before the temperature: with z' = (z − mean z)/(std z + 1e-7) per sample, softmax(z'/base). A softmax does not
 * depend on the mean, so this is a temperature T = base·(std z + 1e-7) for each side; std divides by classes − 1, and the gradient runs
 * through it. The paper multiplies the loss by base² and not by T_s·T_t: use `scale: 'none'` and base² times the soft weight for its
 * numbers. Shape `[..., 1]` for each side. Source: arXiv 2403.01427.
 * @example logitStandardization({ base: 2 })
 */
export const logitStandardization = defineTemperature({
  type: 'logit-standardization',
  options: (ref) =>
    z
      .strictObject({ base: ref.schedule.optional().describe('temperature of the standardised logits; default 2') })
      .describe('logits standardised per sample[, then temperature `base`]'),
  create({ base = () => 2 }): TemperatureSchedule {
    const after = checked(base, lowest);
    return {
      scalars: (at) => ({ base: after(at) }),
      temperature: ({ scalars, student, teacher }) => ({
        student: tf.mul(scalars['base'] as tf.Scalar, deviation(student)),
        teacher: tf.mul(scalars['base'] as tf.Scalar, deviation(teacher)),
      }),
    };
  },
});

/** std + 1e-7, with a gradient where all logits are equal: there the root alone has none. */
function deviation(logits: tf.Tensor): tf.Tensor {
  const classes = logits.shape[logits.rank - 1] as number;
  const squares = tf.sum(tf.square(tf.sub(logits, tf.mean(logits, -1, true))), -1, true);
  return tf.add(tf.sqrt(tf.add(tf.div(squares, Math.max(1, classes - 1)), 1e-14)), 1e-7);
}
