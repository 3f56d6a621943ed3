import * as tf from '@tensorflow/tfjs-core';
import { defineLoss } from '@temper/core';
import { z } from 'zod';
import { hardCrossEntropy, hardTargets, softCrossEntropy } from './support/cross-entropies.js';
import { createLoss } from './support/create-loss.js';
import { withOwnTemperature } from './support/own-temperature.js';
import { scaled } from './support/scale.js';
import { soften, softOptions } from './support/soft-loss.js';
import { temperaturesOf } from './support/temperature.js';
import { withoutGradient } from './support/without-gradient.js';

/**
 * Weighted soft labels: L = hardWeight·CE + α · scale · w · (−Σ_c softmax(z_t/T)_c log softmax(z_s/T)_c) with
 * w = 1 − exp(−CE / (CE_t + 1e-7)), CE and CE_t being the cross-entropies of student and teacher with the label at T = 1. Samples
 * on which the teacher is better than the student count more.
 *
 * Takes logits `[..., classes]` of both and labels `[...]`; gives `[...]`. The weight is a constant for the gradient. A label outside of
 * the classes has neither value nor gradient.
 *
 * Source: 2102.00650. The soft term is a cross-entropy, not a divergence, so identical logits do not give 0. The authors fix T = 2 and
 * α = 2.5; here T is the stage's or the loss's own, and α an option with their value. The cross-entropy with the label belongs to their
 * loss; where it is a term of its own, set `hardWeight: 0`.
 * @throws TemperError without a teacher or labels, or with shapes that do not fit.
 * @example wsl({ alpha: 2.5 })({ student, teacher, labels, temperature: 2 })
 */
export const wsl = defineLoss({
  type: 'wsl',
  options: (ref) =>
    z.strictObject({ alpha: z.number().min(0).default(2.5), hardWeight: z.number().min(0).default(1), ...softOptions(ref, 'temperature-squared') }),
  create: ({ alpha, hardWeight, scale, temperature }) => {
    const loss = createLoss(['labels', 'teacher'], (x) => {
      const temperatures = temperaturesOf(x);
      const label = hardTargets(x.labels, x.student);
      const hard = hardCrossEntropy(label, x.student);
      // A label that does not count has both cross-entropies 0, so its weight is 0 too.
      const weight = withoutGradient(() => tf.neg(tf.expm1(tf.neg(tf.div(hard, tf.add(hardCrossEntropy(label, x.teacher), 1e-7))))));
      const soft = soften(x, temperatures);
      const weighted = tf.mul(weight, softCrossEntropy(soft.teacher, soft.student));
      return tf.add(tf.mul(hard, hardWeight), tf.mul(scaled(weighted, scale, temperatures, x), alpha));
    });
    return withOwnTemperature(loss, temperature);
  },
});
