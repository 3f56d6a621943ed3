import * as tf from '@tensorflow/tfjs-core';
import { defineLoss } from '@temper/core';
import { z } from 'zod';
import { cosineDistance } from './support/cosine-distance.js';
import { createLoss } from './support/create-loss.js';
import { withOwnTemperature } from './support/own-temperature.js';
import { scaled } from './support/scale.js';
import { soften, softOptions } from './support/soft-loss.js';
import { temperaturesOf } from './support/temperature.js';
import { withGradient } from './support/with-gradient.js';

/**
 * DIST, which asks for the teacher's relations instead of its probabilities:
 * L = scale · (β · mean over samples of (1 − ρ of a row) + γ · mean over classes of (1 − ρ of a column)), where ρ is
 * Pearson's correlation between the softened probabilities of teacher and student, within a sample (inter-class) and
 * over the batch within a class (intra-class).
 *
 * Takes logits `[..., classes]` of both; gives a scalar, since columns couple the samples; masked samples take no part.
 * A constant added to the logits of a sample changes nothing but the rounding. That shows where a column is all but
 * constant over a batch of sharp distributions: its correlation is then the rounding's.
 * With temperatures per sample rows are scaled each by its own, columns by the mean.
 *
 * Source: 2205.10536. The authors' classification code multiplies both terms by T², their segmentation code has no
 * temperature, the paper names neither; the default follows the first, `scale` and T = 1 give the second. As theirs,
 * 1e-8 is added to the product of the norms (torchdistill bounds the norms instead, which differs where a column
 * hardly varies).
 * @throws TemperError without a teacher, or with shapes that do not fit.
 * @example dist({ beta: 1, gamma: 1 })({ student, teacher, temperature: 4 })
 */
export const dist = defineLoss({
  type: 'dist',
  options: (ref) =>
    z.strictObject({ beta: z.number().min(0).default(1), gamma: z.number().min(0).default(1), ...softOptions(ref, 'temperature-squared') }),
  create: ({ beta, gamma, scale, temperature }) => {
    const loss = createLoss(['teacher'], (x) => {
      const temperatures = temperaturesOf(x);
      const soft = soften(x, temperatures);
      const samples = x.student.shape.slice(0, -1);
      const mask = x.mask === undefined ? undefined : tf.cast(x.mask, 'float32');
      const rowMask = mask === undefined ? undefined : tf.reshape(mask, [-1, 1]);
      const [teacher, student] = [table(soft.teacher), table(soft.student)];
      const rows = cosineDistance(centred(student, 1), centred(teacher, 1), 1);
      const columns = cosineDistance(centred(student, 0, rowMask), centred(teacher, 0, rowMask), 0);
      const scaledMean = (values: tf.Tensor): tf.Tensor => mean(scaled(values, scale, temperatures, x), mask);
      const ofRows = scaledMean(tf.reshape(rows, samples));
      const ofColumns = tf.mul(tf.mean(columns), scaledMean(tf.ones(samples)));
      return tf.add(tf.mul(ofRows, beta), tf.mul(ofColumns, gamma));
    });
    return withOwnTemperature(loss, temperature);
  },
});

/** Farther from their mean than this, softened logits have probabilities whose small ones matter. */
const nearlyUniform = 2;

/**
 * Probabilities as a table of samples by classes, up to a constant, which no correlation sees. At high temperatures all are about
 * 1/classes, and what they differ by would be lost in the rounding of p; there it is p − 1/classes, from e^x − 1 throughout.
 */
function table(logits: tf.Tensor): tf.Tensor {
  const classes = logits.shape[logits.rank - 1] as number;
  const x = tf.reshape(logits, [-1, classes]);
  return withGradient(
    [x],
    () => {
      const p = tf.softmax(x);
      const y = tf.sub(x, tf.mean(x, -1, true));
      const e = tf.expm1(tf.clipByValue(y, -nearlyUniform, nearlyUniform));
      const average = tf.mean(e, -1, true);
      const differences = tf.div(tf.sub(e, average), tf.mul(tf.add(average, 1), classes));
      return { value: tf.where(tf.less(tf.max(tf.abs(y)), nearlyUniform), differences, p), saved: { p } };
    },
    (dy, { p }) => [tf.mul(p, tf.sub(dy, tf.sum(tf.mul(dy, p), -1, true)))],
  );
}

function centred(values: tf.Tensor, axis: 0 | 1, mask?: tf.Tensor): tf.Tensor {
  if (mask === undefined) return tf.sub(values, tf.mean(values, axis, true));
  const average = tf.div(tf.sum(tf.mul(values, mask), axis, true), counted(mask));
  return tf.mul(tf.sub(values, average), mask);
}

const mean = (values: tf.Tensor, mask: tf.Tensor | undefined): tf.Tensor =>
  mask === undefined ? tf.mean(values) : tf.div(tf.sum(tf.mul(values, mask)), counted(mask));

/** At least 1, so that a batch of which nothing counts has the loss 0. */
const counted = (mask: tf.Tensor): tf.Tensor => tf.maximum(tf.sum(mask), 1);
