import { defineTemperature, tf, type RandomStream, type TemperatureSchedule } from '@temper/core';
import { z } from 'zod';
import { value } from '../options.js';
import { adversarialRange, strengthOption, strengthOrDefault } from './adversary.js';
import { isOrdered, notOrdered } from './bounds.js';
import { detached, reverseGradient } from './graph.js';

/**
 * Curriculum temperature with one temperature per sample: a network of two layers computes θ from the softmax of student and teacher (as
 * constants), and T = min + (max − min)·σ(θ), shape `[..., 1]`. Its gradient is reversed as in `ctkd`; it starts with the same θ for every
 * sample. Source: arXiv 2211.16231.
 * @example ctkdPerSample({ min: 1, max: 21, hidden: 32 })
 */
export const ctkdPerSample = defineTemperature({
  type: 'ctkd-per-sample',
  options: (ref) =>
    z
      .strictObject({
        ...adversarialRange,
        hidden: z.int().min(1).max(4096).default(32).describe('width of the hidden layer'),
        theta: value.default(1).describe('θ of every sample at the start'),
        strength: strengthOption(ref),
      })
      .refine(isOrdered, notOrdered)
      .describe('learned temperature per sample between `min` and `max` that works against the student[, with strength `strength`]'),
  create({ min, max, hidden, theta, strength }): TemperatureSchedule {
    const reversal = strengthOrDefault(strength);
    return {
      scalars: (at) => ({ strength: reversal(at) }),
      variables: ({ classes, random }) =>
        tf.tidy(() => ({
          hiddenKernel: tf.variable(uniform([2 * classes, hidden], random.stream('ctkd-per-sample'))),
          hiddenBias: tf.variable(tf.zeros([hidden])),
          kernel: tf.variable(tf.zeros([hidden, 1])),
          bias: tf.variable(tf.fill([1], theta)),
        })),
      temperature({ scalars, student, teacher, variables }) {
        const dense = (x: tf.Tensor, kernel: string, bias: string): tf.Tensor =>
          tf.add(tf.matMul(x, variables[kernel] as tf.Variable), variables[bias] as tf.Variable);
        const classes = student.shape[student.rank - 1] as number;
        const seen = detached([student, teacher], () => tf.concat([tf.softmax(student), tf.softmax(teacher)], -1));
        const features = tf.relu(dense(tf.reshape(seen, [-1, 2 * classes]), 'hiddenKernel', 'hiddenBias'));
        const answers = tf.reshape(dense(features, 'kernel', 'bias'), [...student.shape.slice(0, -1), 1]);
        const turned = reverseGradient(answers, scalars['strength'] as tf.Scalar);
        return tf.add(min, tf.mul(max - min, tf.sigmoid(turned)));
      },
    };
  },
});

/** Glorot's uniform start. */
function uniform(shape: [number, number], stream: RandomStream): tf.Tensor2D {
  const limit = Math.sqrt(6 / (shape[0] + shape[1]));
  return tf.tensor2d(
    Float32Array.from({ length: shape[0] * shape[1] }, () => (2 * stream.next() - 1) * limit),
    shape,
  );
}
