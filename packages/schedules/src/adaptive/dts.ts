import { defineTemperature, meanOverCounted, tf, type Json, type Progress, type TemperatureSchedule } from '@temper/core';
import { z } from 'zod';
import { lowest, temperature as inRange } from '../options.js';
import { isInside, isOrdered, notInside, notOrdered } from './bounds.js';
import { labelOf } from './pair.js';

/**
 * Dynamic temperature scheduler: high while the cross-entropy of the student with the labels is far above the teacher's, falling as the gap
 * closes and along half a cosine. With the gap g = max(0, CE_student − CE_teacher), measured over the updates since the last evaluation at
 * temperature 1, and c = (1 + cos(π·curve·e))/2 for the share e of the stage that is trained: target = min + (from·c − min)·g/(g + 1),
 * clipped to `min` and `max`; T becomes momentum·T + (1 − momentum)·target after every evaluation.
 *
 * Source: arXiv 2511.13767, of which only the abstract was read; the formula is Temper's own. `rule: 'code'` is the rule of the published
 * code (mdistiller/engine/trainer.py of DATS_enhanced), which updates after every batch: with f = h/(h + 1) and
 * h = CE_teacher − CE_student, target = from·c·f' with f' = 1.35 where f is above 2, f where it is above 1, else 1. It acts only for h
 * below −1, and grows as the gap closes; where the code divides by zero, at h = −1, f' is 1.35.
 * @example dts({ from: 4, min: 2, max: 4 })
 */
export const dts = defineTemperature({
  type: 'dts',
  options: z
    .strictObject({
      from: inRange.min(lowest).describe('temperature at the start'),
      min: inRange.min(lowest).default(1).describe('smallest temperature'),
      max: inRange.default(100).describe('largest temperature'),
      curve: z.number().min(0).max(1).default(1).describe('share of the half cosine that is gone through'),
      momentum: z.number().min(0).lt(1).default(0.9).describe('share of the old temperature after an evaluation'),
      rule: z.enum(['gap', 'code']).default('gap').describe('how the gap changes the temperature'),
    })
    .refine(isOrdered, notOrdered)
    .refine(isInside, notInside)
    .describe('from `from`, by the gap of cross-entropies (rule `rule`, curve `curve`, momentum `momentum`), from `min` to `max`'),
  create({ from, min, max, curve, momentum, rule }): TemperatureSchedule {
    const clip = (value: number): number => Math.min(max, Math.max(min, value));
    return {
      scalars: (_, state) => ({ value: state as number }),
      measure: ({ student, teacher, labels, mask }) => ({
        studentCrossEntropy: crossEntropy(student, labels, mask),
        teacherCrossEntropy: crossEntropy(teacher, labels, mask),
      }),
      state: {
        initial: from,
        schema: z.number().min(min).max(max),
        observe(state, { studentCrossEntropy: ofStudent, teacherCrossEntropy: ofTeacher }, at): Json {
          const before = state as number;
          if (ofStudent === undefined || ofTeacher === undefined || !Number.isFinite(ofStudent - ofTeacher)) return before;
          const cosine = (from * (1 + Math.cos(Math.PI * curve * trained(at)))) / 2;
          const gap = Math.max(0, ofStudent - ofTeacher);
          const target = rule === 'code' ? cosine * factorOfCode(ofTeacher - ofStudent) : min + ((cosine - min) * gap) / (gap + 1);
          return clip(momentum * before + (1 - momentum) * clip(target));
        },
      },
    };
  },
});

/** Share of the stage after the given update; outside of a run the whole. */
const trained = (at: Progress | undefined): number => (at === undefined ? 1 : Math.min(1, (at.step + 1) / at.total));

function factorOfCode(gap: number): number {
  const factor = gap === -1 ? Infinity : gap / (gap + 1);
  if (factor > 2) return 1.35;
  return factor > 1 ? factor : 1;
}

/** Mean cross-entropy with the labels at temperature 1; labels outside of the classes count as 0. */
const crossEntropy = (logits: tf.Tensor, labels: tf.Tensor, mask: tf.Tensor | undefined): tf.Scalar =>
  meanOverCounted(tf.neg(tf.sum(tf.mul(labelOf(labels, logits), tf.logSoftmax(logits)), -1)), mask);
