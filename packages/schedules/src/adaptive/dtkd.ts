import { defineTemperature, tf, type TemperatureSchedule } from '@temper/core';
import { z } from 'zod';
import { atLeast, base as checked } from './bounds.js';
import { detached, firstLargest } from './graph.js';

// Logits are known up to a constant only, so the largest may be below 0; the formula needs a positive one.
const smallest = 1e-3;

/**
 * Dynamic temperature: the side with the sharper logits gets the higher temperature, so that both are equally
 * smooth. Per sample, with m = max z: T_s = 2·base·m_s/(m_s + m_t), T_t = 2·base·m_t/(m_s + m_t). The gradient runs through
 * the student's largest logit, as in the authors' code. A largest logit below 0.001 counts as 0.001.
 * Shape `[..., 1]` for each side. Source: arXiv 2404.12711.
 * @example dtkd({ base: 4 })
 */
export const dtkd = defineTemperature({
  type: 'dtkd',
  options: (ref) =>
    z
      .strictObject({ base: ref.schedule.describe('mean of both temperatures'), min: atLeast })
      .describe('per sample and side about `base`, higher for the side with the sharper logits, at least `min`'),
  create({ base, min }): TemperatureSchedule {
    const about = checked(base, min);
    return {
      scalars: (at) => ({ base: about(at) }),
      temperature({ scalars, student, teacher }) {
        const [ofStudent, ofTeacher] = [largest(student), largest(teacher)];
        const unit = tf.div(tf.mul(2, scalars['base'] as tf.Scalar), tf.add(ofStudent, ofTeacher));
        return { student: tf.maximum(tf.mul(unit, ofStudent), min), teacher: tf.maximum(tf.mul(unit, ofTeacher), min) };
      },
    };
  },
});

/** The largest logit; of several equal ones only the first gets the gradient, whereas `tf.max` gives the whole gradient to each. */
function largest(logits: tf.Tensor): tf.Tensor {
  const first = detached([logits], () => firstLargest(logits));
  return tf.maximum(tf.sum(tf.mul(logits, first), -1, true), smallest);
}
