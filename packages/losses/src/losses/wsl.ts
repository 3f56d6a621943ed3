import { defineLoss, tf } from '@temper/core';
import { z } from 'zod';
import { hardCrossEntropy, hardTargets, softCrossEntropy } from './support/cross-entropies.js';
import { createLoss, type Needing } from './support/create-loss.js';
import { surprise } from './support/label-and-others.js';
import { withOwnTemperature } from './support/own-temperature.js';
import { scaled } from './support/scale.js';
import { soften, softOptions } from './support/soft-loss.js';
import { temperaturesOf } from './support/temperature.js';
import { withoutGradient } from './support/without-gradient.js';

/**
 * Weighted soft labels: L = hardWeight·CE + α · scale · w · (−Σ_c softmax(z_t/T)_c log softmax(z_s/T)_c) with
 * w = 1 − exp(−CE / (CE_t + 1e-7)), where CE and CE_t are the cross-entropies of student and teacher with the label at
 * T = 1. Samples on which the teacher is better than the student have more weight.
 *
 * Takes logits `[..., classes]` of both and labels `[...]`; gives `[...]`. The weight is a constant for the gradient.
 * A label outside of the classes has the value 0 and no gradient.
 *
 * Source: 2102.00650. The soft term is a cross-entropy, not a divergence, so identical logits do not give 0. The
 * authors fix T = 2 and α = 2.5; here T is the stage's or the loss's own, and α an option with their value. The
 * cross-entropy with the label belongs to their loss; where it is a term of its own, set `hardWeight: 0`.
 * @throws TemperError without a teacher or labels, or with shapes that do not fit.
 * @example wsl({ alpha: 2.5 })({ student, teacher, labels, temperature: 2 })
 */
export const wsl = defineLoss({
  type: 'wsl',
  options: (ref) =>
    z.strictObject({
      alpha: z.number().min(0).default(2.5),
      hardWeight: z.number().min(0).default(1),
      ...softOptions(ref, 'temperature-squared'),
    }),
  create: ({ alpha, hardWeight, scale, temperature }) => {
    const loss = createLoss(['labels', 'teacher'], (x) => {
      const temperatures = temperaturesOf(x);
      const label = hardTargets(x.labels, x.student);
      const hard = hardCrossEntropy(label, x.student);
      const weight = withoutGradient(() => weightOf(x, label));
      const soft = soften(x, temperatures);
      const weighted = tf.mul(weight, softCrossEntropy(soft));
      return tf.add(tf.mul(hard, hardWeight), tf.mul(scaled(weighted, scale, temperatures, x), alpha));
    });
    return withOwnTemperature(loss, temperature);
  },
});

/** 1 − exp(−CE / (CE_t + 1e-7)), 0 where the label is not counted. */
function weightOf({ student, teacher }: Needing<'teacher'>, label: tf.Tensor): tf.Tensor {
  const ratio = tf.div(surprise(student, label), tf.add(surprise(teacher, label), 1e-7));
  return tf.mul(tf.neg(tf.expm1(tf.neg(ratio))), tf.sum(label, -1));
}
