import { tf } from '#libraries';
import { z } from 'zod';
import { TemperError } from '../errors.js';
import { defineMetric } from '../kit/define.js';
import { ofLabel } from './predictions.js';

/**
 * Share of samples whose label is among the `k` most likely classes, reported as `top5` for k = 5. The first of equal logits counts as
 * the larger one, so a student with equal logits for all classes gets no credit for the label.
 * @throws TemperError `config/invalid` where the data have fewer than `k` classes.
 * @example createMetrics({ classes: 10, metrics: [topK({ k: 3 })] })
 */
export const topK = defineMetric({
  type: 'top-k',
  better: 'max',
  unit: 'share',
  range: [0, 1],
  options: z
    .strictObject({ k: z.int().min(1).default(5).describe('number of classes') })
    .describe('share whose label is among the k likeliest classes'),
  create: ({ k }) => ({
    name: `top${k}`,
    sample({ student, labels, oneHot }) {
      const classes = oneHot.shape[1];
      if (k > classes) throw tooLarge(k, classes);
      const own = tf.expandDims(ofLabel(student, oneHot), 1);
      const before = tf.logicalAnd(tf.equal(student.shifted, own), tf.less(tf.range(0, classes, 1, 'int32'), tf.expandDims(labels, 1)));
      const ahead = tf.sum(tf.cast(tf.logicalOr(tf.greater(student.shifted, own), before), 'float32'), 1);
      return tf.cast(tf.less(ahead, k), 'float32');
    },
  }),
});

const tooLarge = (k: number, classes: number): TemperError =>
  new TemperError({
    code: 'config/invalid',
    path: 'k',
    message: `must be at most the number of classes, ${classes}, got ${k}`,
  });
