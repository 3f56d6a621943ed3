import * as tf from '@tensorflow/tfjs-core';
import { defineLoss } from '@temper/core';
import { z } from 'zod';
import { createLoss } from './support/create-loss.js';
import { meanSquaredError } from './support/squared-error.js';
import { flattened, tapOptions, tapped, toSameSize } from './support/taps.js';
import { withGradient } from './support/with-gradient.js';

/**
 * Attention transfer: L = mean over positions of (a_s − a_t)², where a = A/‖A‖ and A is the mean over channels of the
 * squared activations at each position. The student learns where the teacher looks; channels may differ in number.
 *
 * Takes the taps `student` and `teacher`, feature maps `[batch, height, width, channels]` (or `[batch, positions,
 * channels]`); gives one value per sample. Maps of different height and width are brought to the smaller size by
 * averaging.
 *
 * Source: 1612.03928. The paper writes the norm of the difference, with weight β/2; the authors' code takes the mean
 * of the squared difference, with β = 1000, as here. Their code normalises with a guard of 1e-12 on the norm, as here.
 * @throws TemperError where a network does not give its layer, or where the sizes cannot meet.
 * @example losses: { attention: { type: 'attention-transfer', student: 'block2', teacher: 'block4' }, … }
 */
export const attentionTransfer = defineLoss({
  type: 'attention-transfer',
  options: z.strictObject(tapOptions),
  create: (names) =>
    createLoss(
      [],
      (x) => {
        const { student, teacher } = toSameSize(tapped(x, names));
        return meanSquaredError(attention(student, x.student), attention(teacher, x.student));
      },
      { needs: ['teacher'], taps: { student: [names.student], teacher: [names.teacher] } },
    ),
});

/** Squared activations, averaged over channels, as a unit vector over the positions. */
const attention = (map: tf.Tensor, logits: tf.Tensor): tf.Tensor => normalized(flattened(tf.mean(tf.square(map), -1, true), logits));

const shortest = 1e-12;

function normalized(rows: tf.Tensor): tf.Tensor {
  return withGradient(
    [rows],
    () => {
      const length = tf.maximum(tf.sqrt(tf.sum(tf.square(rows), -1, true)), shortest);
      const unit = tf.div(rows, length);
      return { value: unit, saved: { unit, length } };
    },
    (dy, { unit, length }) => [tf.div(tf.sub(dy, tf.mul(unit, tf.sum(tf.mul(dy, unit), -1, true))), length)],
  );
}
