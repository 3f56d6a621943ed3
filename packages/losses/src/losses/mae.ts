import { defineLoss, tf } from '@temper/core';
import { z } from 'zod';
import { createLoss } from './support/create-loss.js';
import { withGradient } from './support/with-gradient.js';

/**
 * Mean absolute error between logits: L = (1/classes) Σ_c |z_s − z_t|.
 *
 * Takes logits `[..., classes]` of both; gives `[...]`. The temperature is not used. The size of the gradient does not depend on the error,
 * so single outliers among the teacher's logits have little effect; where both are equal the gradient is 0.
 *
 * Source: closed form, PyTorch's `l1_loss`.
 * @throws TemperError without a teacher, or with shapes that do not fit.
 * @example mae()({ student, teacher })
 */
export const mae = defineLoss({
  type: 'mae',
  options: z.strictObject({}),
  create: () =>
    createLoss(['teacher'], ({ student, teacher }) =>
      withGradient(
        [student],
        () => {
          const difference = tf.sub(student, teacher);
          return { value: tf.mean(tf.abs(difference), -1), saved: { difference } };
        },
        (dy, { difference }) => [tf.mul(tf.sign(difference), tf.expandDims(tf.div(dy, student.shape[student.rank - 1] as number), -1))],
      ),
    ),
});
