import { defineLoss, tf } from '@temper/core';
import { z } from 'zod';
import { cosineDistance } from './support/cosine-distance.js';
import { createLoss } from './support/create-loss.js';
import { withOwnTemperature } from './support/own-temperature.js';
import { scaled } from './support/scale.js';
import { soften, softOptions } from './support/soft-loss.js';
import { temperaturesOf } from './support/temperature.js';
import { withGradient } from './support/with-gradient.js';

/**
 * DIST, which matches relations between probabilities instead of the probabilities:
 * L = scale · (β · mean over samples of (1 − ρ of a row) + γ · mean over classes of (1 − ρ of a column)), where ρ is
 * Pearson's correlation between the softened probabilities of teacher and student, within a sample (inter-class) and
 * over the batch within a class (intra-class).
 *
 * Takes logits `[..., classes]` of both; gives a scalar, since columns couple the samples; masked samples are left out.
 * A constant added to the logits of a sample changes the result by rounding only. The rounding is visible where a column is nearly constant
 * over a batch of sharp distributions. With a temperature per sample, each row is scaled by its own temperature and columns by the mean.
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
    const loss = createLoss(
      ['teacher'],
      (x) => {
        const temperatures = temperaturesOf(x);
        const soft = soften(x, temperatures);
        const samples = x.student.shape.slice(0, -1);
        const mask = x.mask === undefined ? undefined : tf.cast(x.mask, 'float32');
        const rowMask = mask === undefined ? undefined : tf.reshape(mask, [-1, 1]);
        const [student, teacher] = [table(soft.student), table(soft.teacher)];
        const rows = cosineDistance(deviations(student, 1), deviations(teacher, 1), 1);
        const columns = cosineDistance(deviations(student, 0, rowMask), deviations(teacher, 0, rowMask), 0);
        const scaledMean = (values: tf.Tensor): tf.Tensor => mean(scaled(values, scale, temperatures, x), mask);
        const ofRows = scaledMean(tf.reshape(rows, samples));
        const ofColumns = tf.mul(tf.mean(columns), scaledMean(tf.ones(samples)));
        return tf.add(tf.mul(ofRows, beta), tf.mul(ofColumns, gamma));
      },
      { acrossSamples: true },
    );
    return withOwnTemperature(loss, temperature);
  },
});

const table = (logits: tf.Tensor): tf.Tensor => tf.reshape(logits, [-1, logits.shape[logits.rank - 1] as number]);

/** Probabilities minus their mean along rows (axis 1) or columns (axis 0). */
function deviations(logits: tf.Tensor, axis: 0 | 1, mask?: tf.Tensor): tf.Tensor {
  const values = apart(logits, axis, mask);
  const centred = tf.sub(values, axis === 1 ? tf.mean(values, 1, true) : average(values, mask));
  return mask === undefined ? centred : tf.mul(centred, mask);
}

/** Logits that exceed the reference's by more than this have probabilities that differ from its in the first digits. */
const near = 8;

/**
 * Probabilities up to a constant, which no correlation sees. What they have in common would take the digits of what they differ
 * by, so where they are near one another it is their difference from a reference r: for rows the uniform distribution, for
 * columns the softmax of the mean logits. With Δ the logits less the reference's, from 0 at its likeliest class, it is
 * p − r = r (e^Δ − 1 − s)/(1 + s) for s = Σ r (e^Δ − 1). One choice holds for all that is compared: a row, or the whole table.
 */
function apart(logits: tf.Tensor, axis: 0 | 1, mask?: tf.Tensor): tf.Tensor {
  return withGradient(
    [logits],
    () => {
      const reference = axis === 1 ? tf.zeros([1, logits.shape[1] as number]) : average(logits, mask);
      const [p, r] = [tf.softmax(logits), tf.softmax(reference)];
      const delta = fromLikeliest(tf.sub(logits, reference), r);
      // Beyond that it is not taken, and must be finite for samples that are masked.
      const growth = tf.expm1(tf.minimum(delta, near));
      const s = tf.sum(tf.mul(r, growth), -1, true);
      const difference = tf.div(tf.mul(r, tf.sub(growth, s)), tf.add(s, 1));
      const farthest = tf.max(mask === undefined ? delta : tf.mul(delta, mask), axis === 1 ? 1 : [0, 1], true);
      return { value: tf.where(tf.less(farthest, near), difference, axis === 1 ? p : fromCertainty(p, mask)), saved: { p } };
    },
    (dy, { p }) => {
      const pull = fromLikeliest(dy, p);
      return [tf.mul(p, tf.sub(pull, tf.sum(tf.mul(pull, p), -1, true)))];
    },
  );
}

/**
 * Probabilities, less 1 in the column that has most of them: minus the sum of all others, which stays accurate where every sample is nearly
 * certain of that class. Subtracting a constant from a column does not change its correlation.
 */
function fromCertainty(p: tf.Tensor, mask: tf.Tensor | undefined): tf.Tensor {
  const certain = tf.cast(tf.greater(average(p, mask), 0.5), 'float32');
  const others = tf.mul(p, tf.sub(1, certain));
  return tf.sub(others, tf.mul(certain, tf.sum(others, -1, true)));
}

/** Values minus that of the likeliest class, to avoid cancellation in sums over nearly all of the probability. */
function fromLikeliest(values: tf.Tensor, p: tf.Tensor): tf.Tensor {
  const likeliest = tf.oneHot(tf.argMax(p, -1), p.shape[1] as number, 1, 0, 'float32');
  return tf.sub(values, tf.sum(tf.mul(values, likeliest), -1, true));
}

/** Of the samples that count, `[samples, classes]` to `[1, classes]`. */
const average = (values: tf.Tensor, mask: tf.Tensor | undefined): tf.Tensor =>
  mask === undefined ? tf.mean(values, 0, true) : tf.div(tf.sum(tf.mul(values, mask), 0, true), counted(mask));

const mean = (values: tf.Tensor, mask: tf.Tensor | undefined): tf.Tensor =>
  mask === undefined ? tf.mean(values) : tf.div(tf.sum(tf.mul(values, mask)), counted(mask));

/** At least 1, so that a batch without counted samples has the loss 0. */
const counted = (mask: tf.Tensor): tf.Tensor => tf.maximum(tf.sum(mask), 1);
