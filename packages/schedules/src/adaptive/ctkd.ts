import { defineTemperature, tf, type TemperatureSchedule } from '@temper/core';
import { z } from 'zod';
import { value } from '../options.js';
import { isOrdered, notOrdered } from './bounds.js';
import { adversarialRange, strengthOption, strengthOrDefault } from './adversary.js';
import { reverseGradient } from './graph.js';

/**
 * Curriculum temperature with one learned number θ that works against the student. T = min + (max − min)·σ(θ); θ
 * gets the gradient of the loss times −strength, so the step that lowers the loss for the student raises it through T.
 * `strength` is a schedule, by default a cosine from 0 to 1 over the stage (easy to hard); the paper's runs reach 1 after
 * ten epochs: `sequence({ of: [cosine({ from: 0, to: 1 }), 1], lengths: [{ epochs: 10 }] })`. Source: arXiv 2211.16231, whose
 * t_start is `min` and t_end is max − min.
 * @example ctkd({ min: 1, max: 21 })
 */
export const ctkd = defineTemperature({
  type: 'ctkd',
  options: (ref) =>
    z
      .strictObject({ ...adversarialRange, theta: value.default(1).describe('θ at the start'), strength: strengthOption(ref) })
      .refine(isOrdered, notOrdered)
      .describe('one learned temperature between `min` and `max` that works against the student[, with strength `strength`]'),
  create({ min, max, theta, strength }): TemperatureSchedule {
    const reversal = strengthOrDefault(strength);
    return {
      scalars: (at) => ({ strength: reversal(at) }),
      variables: () => tf.tidy(() => ({ theta: tf.variable(tf.scalar(theta)) })),
      temperature({ scalars, variables }) {
        const turned = reverseGradient(variables['theta'] as tf.Variable, scalars['strength'] as tf.Scalar);
        return tf.add(min, tf.mul(max - min, tf.sigmoid(turned)));
      },
    };
  },
});
