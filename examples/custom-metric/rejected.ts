import { defineMetric, definePlugin, tf } from '@temper/core';
import { z } from 'zod';

/** Share of samples whose largest probability is below a threshold: a person has to look at them. */
const rejected = defineMetric({
  type: 'rejected',
  better: 'min',
  unit: 'share',
  range: [0, 1],
  options: z.strictObject({ below: z.number().gt(0).lt(1).default(0.8) }).describe('share of uncertain predictions'),
  create: ({ below }) => ({
    sample: ({ student }) => tf.cast(tf.less(tf.max(student.probabilities, 1), below), 'float32'),
  }),
});

/** Distance of the student's confidence from the teacher's, averaged over samples. */
const confidenceGap = defineMetric({
  type: 'confidence-gap',
  better: 'min',
  unit: '',
  needs: ['teacher'],
  range: [0, 1],
  options: z.strictObject({}).describe('distance of the confidences of student and teacher'),
  create: () => ({
    sample: ({ student, teacher }) => tf.abs(tf.sub(tf.max(student.probabilities, 1), tf.max(teacher.probabilities, 1))),
  }),
});

export const mine = definePlugin({ name: 'mine', provides: [rejected, confidenceGap] });
