import { defineLoss, tf } from '@temper/core';
import { z } from 'zod';
import { kl } from './kl.js';
import { mapLogits } from './support/map-logits.js';
import { withGradient } from './support/with-gradient.js';

/**
 * Any loss on standardised logits: of({ z' }) with z' = (z − mean z) / (std z + 1e-7) over the classes of each sample,
 * for student and teacher alike. The student then matches the shape of the teacher's logits, not their size.
 *
 * Takes and returns the same tensors as `of`; `of` defaults to `kl` with T².
 *
 * Source: 2403.01427. The standard deviation is the unbiased one (divided by classes − 1), as in the authors' code and
 * unlike the paper's formula, and the gradient runs through the student's mean and deviation. The authors raise the
 * weight of the loss (to 9 in place of 0.9), since standardised logits give smaller ones.
 * @throws TemperError as `of` does.
 * @example logitStandardization({ of: kl() })({ student, teacher, temperature: 2 })
 */
export const logitStandardization = defineLoss({
  type: 'logit-standardization',
  options: (ref) => z.strictObject({ of: ref.loss.optional() }),
  create: ({ of = kl() }) => mapLogits(of, { student: standardized, teacher: standardized }),
});

const epsilon = 1e-7;

/** (z − mean) / (std + 1e-7), finite in value and gradient for a row that does not vary. */
function standardized(logits: tf.Tensor): tf.Tensor {
  const freedom = (logits.shape[logits.rank - 1] as number) - 1;
  return withGradient(
    [logits],
    () => {
      const centred = tf.sub(logits, tf.mean(logits, -1, true));
      const deviation = tf.sqrt(tf.div(tf.sum(tf.square(centred), -1, true), freedom));
      const value = tf.div(centred, tf.add(deviation, epsilon));
      return { value, saved: { value, deviation } };
    },
    (dy, { value, deviation }) => {
      // d std / dz = z' (std + ε) / (std·freedom), where z' is 0 as soon as std is.
      const alike = tf.div(tf.sum(tf.mul(dy, value), -1, true), tf.mul(tf.maximum(deviation, epsilon), freedom));
      const own = tf.div(tf.sub(dy, tf.mean(dy, -1, true)), tf.add(deviation, epsilon));
      return [tf.sub(own, tf.mul(value, alike))];
    },
  );
}
