import { defineTemperature, tf, type TemperatureSchedule } from '@temper/core';
import { z } from 'zod';
import { value } from '../options.js';
import { isOrdered, notOrdered } from './bounds.js';
import { adversarialRange, strengthOption, strengthOrDefault } from './adversary.js';
import { reverseGradient } from './graph.js';

/**
 * Curriculum temperature with one learned number θ for each class: T_c = min + (max − min)·σ(θ_c). Its gradient is reversed as in `ctkd`,
 * so every class moves to the temperature that is hardest for the student. It starts with the same θ for every class.
 *
 * Shape `[1, classes]`. Source: the method of arXiv 2211.16231, which learns one number for all classes.
 * @example ctkdPerClass({ min: 1, max: 8 })
 */
export const ctkdPerClass = defineTemperature({
  type: 'ctkd-per-class',
  options: (ref) =>
    z
      .strictObject({
        ...adversarialRange,
        theta: value.default(1).describe('θ of every class at the start'),
        strength: strengthOption(ref),
      })
      .refine(isOrdered, notOrdered)
      .describe('learned temperature per class between `min` and `max` that works against the student[, with strength `strength`]'),
  create({ min, max, theta, strength }): TemperatureSchedule {
    const reversal = strengthOrDefault(strength);
    return {
      scalars: (at) => ({ strength: reversal(at) }),
      variables: ({ classes }) => tf.tidy(() => ({ theta: tf.variable(tf.fill([1, classes], theta)) })),
      temperature({ scalars, variables }) {
        const turned = reverseGradient(variables['theta'] as tf.Variable, scalars['strength'] as tf.Scalar);
        return tf.add(min, tf.mul(max - min, tf.sigmoid(turned)));
      },
    };
  },
});
