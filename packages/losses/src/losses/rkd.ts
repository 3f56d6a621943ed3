import { defineLoss, tf } from '@temper/core';
import { z } from 'zod';
import { layerLoss } from './support/layer-loss.js';
import { layerOptions } from './support/layer-options.js';
import { checkSeveral, checkSize, countedIn, lengths, mostPairs, mostTriples, rowsOf, type Rows } from './support/rows.js';
import { withGradient } from './support/with-gradient.js';

/**
 * Relational distillation: L = distance · mean over pairs of h(d_s/mean d_s − d_t/mean d_t) + angle · mean over triples of
 * h(cos_s − cos_t). d is the Euclidean distance of two samples, cos the cosine of the angle at a sample between two others, and
 * h(x) = x²/2 for |x| < 1, else |x| − ½. Scale, shift and rotation of the features do not matter.
 *
 * Takes the layers that `layers` name, by default the penultimate ones, `[batch, …]` of any widths; gives one value for the batch. The
 * means are over all B² pairs and B³ triples, those of a sample with itself included, which are 0. Equal samples have the distance 0, and
 * no angle. Time and memory grow with B²·width + B³.
 *
 * Source: 1904.05068, whose example has the weights 1 and 2; RepDistiller uses 25 and 50. The authors' code computes squared distances from
 * products, which cancel for features far from the origin, and its gradient explodes where the student repeats a sample.
 * @throws TemperError if a network has no output of its layer, for a batch of one sample, and for batches too large for the triples.
 * @example losses: { relations: { type: 'rkd', distance: 25, angle: 50 }, … }
 */
export const rkd = defineLoss({
  type: 'rkd',
  options: (ref) =>
    z.strictObject({
      ...layerOptions(ref),
      distance: z.number().min(0).default(1).describe('weight of the distances'),
      angle: z.number().min(0).default(2).describe('weight of the angles'),
    }),
  create: ({ distance, angle, ...options }) =>
    layerLoss(options, {
      type: 'rkd',
      fit: 'samples',
      usual: 'penultimate',
      mostSamples: (width) => Math.min(mostPairs(width), angle > 0 ? mostTriples : Infinity),
      more: { acrossSamples: true, fewestSamples: 2 },
      value(layers, x) {
        const rows = rowsOf(layers, x);
        checkSeveral(rows, 'rkd');
        const samples = rows.student.shape[0] as number;
        const width = Math.max(rows.student.shape[1] as number, rows.teacher.shape[1] as number);
        checkSize(samples, samples ** 2 * Math.max(width, angle > 0 ? samples : 1));
        const [student, teacher] = [rows.student, rows.teacher].map((table) => relationsOf(table, rows)) as [Relations, Relations];
        const values = [tf.mul(meanOver(huber(student.distances, teacher.distances), rows), distance)];
        if (angle > 0) values.push(tf.mul(meanOver(huber(cosines(student), cosines(teacher)), rows), angle));
        return values.reduce((sum, value) => tf.add(sum, value));
      },
    }),
});

interface Relations {
  /** `[B, B]`, divided by their mean. */
  readonly distances: tf.Tensor;
  /** Unit vectors from each sample to each other one, `[B, B, width]`. */
  readonly directions: tf.Tensor;
}

function relationsOf(table: tf.Tensor, rows: Rows): Relations {
  // From the coordinates: a difference of products would cancel for samples that are near each other.
  const apart = tf.sub(tf.expandDims(table, 0), tf.expandDims(table, 1));
  const { length, inverse } = lengths(tf.sum(tf.square(apart), -1));
  const own = countedIn(countedIn(length, rows), rows, 1);
  const pairs = tf.maximum(tf.mul(rows.count, tf.sub(rows.count, 1)), 1);
  const mean = tf.maximum(tf.div(tf.sum(own), pairs), smallest);
  return { distances: tf.div(own, mean), directions: tf.mul(apart, tf.expandDims(inverse, -1)) };
}

/** The mean distance of samples that are all equal. */
const smallest = 1e-12;

/** Cosines of the angles at each sample between each two others, `[B, B, B]`. */
const cosines = ({ directions }: Relations): tf.Tensor => tf.matMul(directions, directions, false, true);

/** Mean over pairs or triples of counted samples. */
function meanOver(values: tf.Tensor, { counted, count }: Rows): tf.Tensor {
  if (counted === undefined) return tf.mean(values);
  const weighed = values.shape.reduce((rest, _, axis) => {
    const shape = values.shape.map((size, other) => (other === axis ? size : 1));
    return tf.mul(rest, tf.reshape(counted, shape));
  }, values);
  return tf.div(tf.sum(weighed), tf.pow(count, values.rank));
}

/** Huber's h of student − teacher, whose gradient is the difference held between −1 and 1. */
function huber(student: tf.Tensor, teacher: tf.Tensor): tf.Tensor {
  return withGradient(
    [student],
    () => {
      const difference = tf.sub(student, teacher);
      const held = tf.clipByValue(difference, -1, 1);
      // x²/2 within, |x| − ½ outside.
      return { value: tf.mul(held, tf.sub(difference, tf.mul(held, 0.5))), saved: { held } };
    },
    (dy, { held }) => [tf.mul(dy, held)],
  );
}
