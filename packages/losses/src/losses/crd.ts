import { defineLoss, scheduleWithin, tf, type Schedule } from '@temper/core';
import { z } from 'zod';
import { contrast, contrastedPairs, levelOf } from './support/contrast.js';
import { embedded, heads } from './support/heads.js';
import { layerLoss } from './support/layer-loss.js';
import { layerOptions } from './support/layer-options.js';
import { checkSeveral, mostPairs, rowsOf } from './support/rows.js';
import { scheduledValue } from './support/scheduled.js';

/**
 * Contrastive representation distillation with the negatives of the batch: L = −mean over samples i of
 * log h_ii + Σ over negatives j of log(1 − h_ij), and the same with the sides exchanged, where
 * h_ij = e_ij/(e_ij + N_i·mean e), e_ij = exp(u_i·v_j/τ), u and v are the layers of student and teacher, mapped by learned linear maps to
 * unit vectors of `dimension` numbers, N_i is the number of negatives, and the mean of e is a constant. The student's vector of a sample
 * becomes similar to the teacher's of the same sample, and unlike the teacher's of the negatives.
 *
 * Takes the layers that `layers` name, by default the penultimate ones, `[batch, …, width]`, and averages positions of feature maps; gives
 * one value for the batch. Negatives are the samples of other classes, or with `negatives: 'other-samples'` all other samples.
 *
 * Source: 1910.10699. The authors take 16,384 negatives for each sample from a memory of the whole training set, which this loss does not
 * have: its negatives are in the batch, so that larger batches give more of them. Their mean of e is that of the first batch; here it is
 * that of each batch. Their weight of the loss is 0.8.
 * @throws TemperError if a network has no output of its layer, and for a batch of one sample.
 * @example losses: { contrast: { type: 'crd', dimension: 128, temperature: 0.07 }, … }
 */
export const crd = defineLoss({
  type: 'crd',
  options: (ref) =>
    z.strictObject({
      ...layerOptions(ref),
      dimension: z.int().min(1).max(4096).default(128).describe('length of the vectors that are compared'),
      temperature: ref.schedule.optional().describe('divides similarities; default 0.07'),
      negatives: z.enum(['other-classes', 'other-samples']).default('other-classes').describe('which samples of the batch are negatives'),
    }),
  create: ({ dimension, temperature = usual, negatives, ...options }) => {
    const schedule = scheduleWithin(temperature, { path: 'temperature', min: lowest });
    return layerLoss(options, {
      type: 'crd',
      fit: 'samples',
      usual: 'penultimate',
      learned: heads(dimension),
      schedules: { temperature: schedule },
      mostSamples: () => mostPairs(),
      more: { acrossSamples: true, fewestSamples: 2 },
      value(layers, x, pair) {
        const rows = rowsOf(embedded(layers, pair, x.student.rank - 1, x.variables), x);
        checkSeveral(rows, 'crd');
        const similar = tf.div(tf.matMul(rows.student, rows.teacher, false, true), scheduledValue(x, 'temperature', schedule));
        const pairs = contrastedPairs(rows, negatives === 'other-classes' ? x.labels : undefined);
        return contrast(similar, levelOf(similar, pairs), pairs, rows.count);
      },
    });
  },
});

const usual: Schedule = () => 0.07;
const lowest = 0.01;
