import { defineLoss, tf } from '@temper/core';
import { z } from 'zod';
import { layerLoss } from './support/layer-loss.js';
import { layerOptions } from './support/layer-options.js';
import { checkPositions, flattened, toSameSize } from './support/taps.js';
import type { Sides } from './support/temperature.js';
import { lengthOf, unitDifference } from './support/unit-difference.js';
import { withGradient } from './support/with-gradient.js';
import { withoutGradient } from './support/without-gradient.js';

/**
 * Attention transfer: L = Σ over pairs of weight · mean over positions of (a_s − a_t)², where a = A/‖A‖ and A is the mean over channels of
 * the squared activations at each position. The student learns the attention of the teacher; the numbers of channels may differ.
 *
 * Takes the layers that `student` and `teacher`, or `layers`, name, feature maps `[batch, height, width, channels]` (or `[batch, positions,
 * channels]`); gives one value per sample. Maps of different height and width are averaged to the smaller size.
 *
 * Source: 1612.03928. The paper writes the norm of the difference, with weight β/2; the authors' code takes the mean
 * of the squared difference, with β = 1000, as here. Their code normalises with a guard of 1e-12 on the norm, as here.
 * @throws TemperError if a network has no output of its layer, if the sizes do not fit, and for layers with one position.
 * @example losses: { attention: { type: 'attention-transfer', layers: [['block2', 'block4']] }, … }
 */
export const attentionTransfer = defineLoss({
  type: 'attention-transfer',
  options: (ref) => z.strictObject(layerOptions(ref)),
  create: (options) =>
    layerLoss(options, {
      type: 'attention-transfer',
      fit: 'maps',
      value(layers, x) {
        const { student, teacher } = toSameSize(layers);
        checkPositions({ student, teacher }, x.student.rank - 1, 'Choose feature maps of both networks, or use fitnets.');
        const [ofStudent, ofTeacher] = [student, teacher].map((map) => attention(map, map, x.student)) as [tf.Tensor, tf.Tensor];
        return unlike(ofStudent, ofTeacher, apart({ student, teacher }, x.student) ?? tf.sub(ofStudent, ofTeacher));
      },
    }),
});

/** Products of two maps, averaged over channels, `[..., positions]`; of a map with itself it is the attention. */
const attention = (map: tf.Tensor, other: tf.Tensor, logits: tf.Tensor): tf.Tensor =>
  flattened(tf.mean(tf.mul(map, other), -1, true), logits);

/** The difference of the two attentions as that of the maps times their sum: squares of maps that nearly agree agree in most digits. */
function apart({ student, teacher }: Sides, logits: tf.Tensor): tf.Tensor | undefined {
  if (student.shape[student.rank - 1] !== teacher.shape[teacher.rank - 1]) return undefined;
  return withoutGradient(() => attention(tf.sub(student, teacher), tf.add(student, teacher), logits));
}

const shortest = 1e-12;

/** Mean over positions of the squared difference of the two as unit vectors; the teacher's is a constant. */
function unlike(student: tf.Tensor, teacher: tf.Tensor, difference: tf.Tensor): tf.Tensor {
  const positions = student.shape[student.rank - 1] as number;
  return withGradient(
    [student],
    () => {
      const [length, ofTeacher] = [lengthOf(student, -1, shortest), lengthOf(teacher, -1, shortest)];
      const unit = tf.div(student, length);
      const isLong = tf.logicalAnd(tf.greater(length, shortest), tf.greater(ofTeacher, shortest));
      // A map that is shorter than its guard is no unit vector.
      const d = tf.where(
        isLong,
        unitDifference(student, length, teacher, ofTeacher, -1, difference),
        tf.sub(unit, tf.div(teacher, ofTeacher)),
      );
      return { value: tf.mean(tf.square(d), -1), saved: { d, unit, length } };
    },
    (dy, { d, unit, length }) => {
      const pull = tf.mul(d, tf.expandDims(tf.mul(dy, 2 / positions), -1));
      return [tf.div(tf.sub(pull, tf.mul(unit, tf.sum(tf.mul(pull, unit), -1, true))), length)];
    },
  );
}
