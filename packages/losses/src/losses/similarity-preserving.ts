import { defineLoss, tf } from '@temper/core';
import { z } from 'zod';
import { layerLoss } from './support/layer-loss.js';
import { layerOptions } from './support/layer-options.js';
import { countedIn, lengths, mostPairs, rowsOf, type Rows } from './support/rows.js';
import { constant } from './support/soft-loss.js';

/**
 * Similarity-preserving distillation: L = Σ over pairs of samples of (G_s − G_t)² / B², where G = F·Fᵀ for the features F of the batch,
 * `[batch, features]`, with each row of G divided by its Euclidean length. Samples that are similar for the teacher become similar for the
 * student.
 *
 * Takes the layers that `layers` name, by default the last block of both networks, `[batch, …]` of any widths and sizes; gives one value
 * for the batch. For a batch of one sample it is 0. A sample of zeros has a row of zeros.
 *
 * Source: 1907.09682; the numbers are those of RepDistiller, which weighs the loss 3000.
 * @throws TemperError if a network has no output of its layer.
 * @example losses: { similar: { type: 'similarity-preserving', layers: { last: 1 } }, … }
 */
export const similarityPreserving = defineLoss({
  type: 'similarity-preserving',
  options: (ref) => z.strictObject(layerOptions(ref)),
  create: (options) =>
    layerLoss(options, {
      type: 'similarity-preserving',
      fit: 'samples',
      usual: { last: 1 },
      mostSamples: () => mostPairs(),
      more: { acrossSamples: true },
      value(layers, x) {
        const rows = rowsOf(layers, x);
        const difference = tf.sub(similarities(rows.student, rows), similarities(rows.teacher, rows));
        return tf.div(tf.sum(tf.square(difference)), tf.square(rows.count));
      },
    }),
});

/** Products of all pairs of rows, each row of length 1. */
function similarities(table: tf.Tensor, rows: Rows): tf.Tensor {
  // The scale of the features has no influence; dividing by it keeps their products finite and away from 0.
  const scale = tf.maximum(tf.max(tf.abs(constant(table))), 1e-30);
  const scaled = tf.div(table, scale);
  const products = countedIn(tf.matMul(scaled, scaled, false, true), rows, 1);
  const { inverse } = lengths(tf.sum(tf.square(products), 1, true), 1e-24);
  return countedIn(tf.mul(products, inverse), rows);
}
