import { tf } from '#libraries';
import { z } from 'zod';
import { defineMetric } from '../kit/define.js';

/**
 * Divergence from the teacher: mean of KL(teacher ‖ student) = Σ_c p_t (log p_t − log p_s), in nats, at temperature 1.
 * @example createMetrics({ classes: 10, metrics: [teacherKl()] })
 */
export const teacherKl = defineMetric({
  type: 'kl',
  better: 'min',
  unit: 'nats',
  needs: ['teacher'],
  range: [0, Infinity],
  options: z.strictObject({}).describe('KL(teacher ‖ student), in nats'),
  create: () => ({
    /**
     * Σ p r with r = log p_t − log p_s; classes to which the teacher gives probability 0 contribute 0. The subtracted term is Σ (p + q)
     * tanh(r/2) = Σ (p − q) = 0: where the two nearly agree it equals the rounding error of r, which would otherwise exceed the
     * divergence.
     */
    sample({ student, teacher }) {
      const r = tf.sub(tf.sub(teacher.shifted, student.shifted), tf.sub(teacher.logSum, student.logSum));
      const both = tf.add(teacher.probabilities, student.probabilities);
      const none = tf.zerosLike(both);
      const terms = tf.where(tf.equal(teacher.probabilities, 0), none, tf.mul(teacher.probabilities, r));
      const excess = tf.where(tf.equal(both, 0), none, tf.mul(both, tf.tanh(tf.mul(r, 0.5))));
      return tf.sum(tf.sub(terms, excess), 1);
    },
    // A divergence is not negative, but the sum of its terms may be, by rounding.
    value: ([sum = 0], count) => Math.max(0, sum / count),
  }),
});
