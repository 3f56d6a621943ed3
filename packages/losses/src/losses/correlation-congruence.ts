import { defineLoss, tf } from '@temper/core';
import { z } from 'zod';
import { layerLoss } from './support/layer-loss.js';
import { layerOptions } from './support/layer-options.js';
import { checkSeveral, rowsOf } from './support/rows.js';
import { toSameSize } from './support/taps.js';
import { withGradient } from './support/with-gradient.js';

/**
 * Correlation congruence as RepDistiller computes it: L = mean over neighbouring samples i, i+1 of the batch of Σ over features of
 * D_i·D_{i+1}, where D = |r(h_s) − h_t|. r is the identity for layers of one width, else a learned linear map.
 *
 * Takes the layers that `layers` name, by default the penultimate ones, `[batch, …, width]`; gives one value for the batch, which depends
 * on the order of its samples. It is 0 where the student's features are the teacher's. Neighbours that are not both counted are left out.
 *
 * Source: the code of RepDistiller for 1904.01802, which says that it follows the authors' code, and weighs the loss 0.02 with linear
 * embeddings on both sides. The paper is known for another form, the squared difference of the two correlation matrices; see
 * `similarity-preserving` for a loss of this kind.
 * @throws TemperError if a network has no output of its layer, if the sizes do not fit, and for a batch of one sample.
 * @example losses: { congruence: { type: 'correlation-congruence' }, … }
 */
export const correlationCongruence = defineLoss({
  type: 'correlation-congruence',
  options: (ref) => z.strictObject(layerOptions(ref)),
  create: (options) =>
    layerLoss(options, {
      type: 'correlation-congruence',
      fit: 'positions',
      projects: true,
      usual: 'penultimate',
      more: { acrossSamples: true, fewestSamples: 2 },
      value(layers, x) {
        const { student, teacher, counted } = rowsOf(toSameSize(layers), x);
        checkSeveral({ student, teacher }, 'correlation-congruence');
        const d = distance(student, teacher);
        const pairs = (student.shape[0] as number) - 1;
        const products = tf.sum(tf.mul(neighbours(d, 0, pairs), neighbours(d, 1, pairs)), 1);
        if (counted === undefined) return tf.mean(products);
        const both = tf.mul(neighbours(counted, 0, pairs), neighbours(counted, 1, pairs));
        return tf.div(tf.sum(tf.mul(products, both)), tf.maximum(tf.sum(both), 1));
      },
    }),
});

/** All rows but the last, or all but the first. */
const neighbours = (table: tf.Tensor, from: 0 | 1, count: number): tf.Tensor =>
  tf.slice(table, [from, ...table.shape.slice(1).map(() => 0)], [count, ...table.shape.slice(1)]);

/** |student − teacher|, with the slope 0 where both are equal. */
const distance = (student: tf.Tensor, teacher: tf.Tensor): tf.Tensor =>
  withGradient(
    [student],
    () => {
      const difference = tf.sub(student, teacher);
      return { value: tf.abs(difference), saved: { difference } };
    },
    (dy, { difference }) => [tf.mul(dy, tf.sign(difference))],
  );
