import { defineLoss, tf } from '@temper/core';
import { z } from 'zod';
import { layerLoss } from './support/layer-loss.js';
import { layerOptions } from './support/layer-options.js';
import { countedIn, lengths, mostPairs, rowsOf, type Rows } from './support/rows.js';

/**
 * Probabilistic knowledge transfer: L = mean over pairs of samples of K_t·log((K_t + ε)/(K_s + ε)), where K = (cos(x_i, x_j) + 1)/2 with
 * each row divided by its sum, and ε = 1e-7. Each row of K is a distribution over the samples of the batch.
 *
 * Takes the layers that `layers` name, by default the penultimate ones, `[batch, …]` of any widths; gives one value for the batch. For a
 * batch of one sample it is 0. A sample of zeros has the cosine 0 to all others.
 *
 * Source: 1803.10837 and the authors' code, whose mean is over all B² pairs, a sample with itself included; a divergence per sample would
 * be B times as much. RepDistiller weighs the loss 30,000.
 * @throws TemperError if a network has no output of its layer.
 * @example losses: { probabilities: { type: 'pkt' }, … }
 */
export const pkt = defineLoss({
  type: 'pkt',
  options: (ref) => z.strictObject(layerOptions(ref)),
  create: (options) =>
    layerLoss(options, {
      type: 'pkt',
      fit: 'samples',
      usual: 'penultimate',
      mostSamples: () => mostPairs(),
      more: { acrossSamples: true },
      value(layers, x) {
        const rows = rowsOf(layers, x);
        const [student, teacher] = [kernel(rows.student, rows), kernel(rows.teacher, rows)];
        const ratio = tf.div(tf.add(teacher, epsilon), tf.add(student, epsilon));
        return tf.div(tf.sum(tf.mul(countedIn(teacher, rows), tf.log(ratio))), tf.square(rows.count));
      },
    }),
});

const epsilon = 1e-7;

/** Cosine similarities as probabilities, `[B, B]`; columns that are not counted are 0. */
function kernel(table: tf.Tensor, rows: Rows): tf.Tensor {
  const { length } = lengths(tf.sum(tf.square(table), 1, true), 1e-30);
  const unit = tf.div(table, tf.add(length, epsilon));
  const similar = countedIn(tf.mul(tf.add(tf.matMul(unit, unit, false, true), 1), 0.5), rows, 1);
  return tf.div(similar, tf.maximum(tf.sum(similar, 1, true), epsilon));
}
