import { defineTemperature, tf, type Schedule, type TemperatureSchedule } from '@temper/core';
import { z } from 'zod';
import { lowest } from '../options.js';
import { base as checked } from './bounds.js';
import { pairOf } from './pair.js';

/**
 * Asymmetric temperature scaling: of a sample, the label's logit has the temperature `target` and every other class has `other`. By default
 * the teacher alone has the pair, and the student has `student`; with `sides: 'both'` both have it. A label outside of the classes gives
 * `other` to all. Raising `target` above `other` softens a confident teacher and keeps its wrong classes apart. It needs raw logits: a
 * constant added to them changes the result.
 *
 * Shape `[..., classes]`. Source: arXiv 2210.04427, whose grid is target 1 to 6, other 1 to 5 and student 1. The authors' factor is the
 * student's T², so with `student` 1 use `scale: 'none'`; `temperature-squared` includes the teacher's temperatures.
 * @example ats({ target: 4, other: 2 })
 */
export const ats = defineTemperature({
  type: 'ats',
  options: (ref) =>
    z
      .strictObject({
        target: ref.schedule.describe("temperature of the label's logit"),
        other: ref.schedule.describe('temperature of all other logits'),
        student: ref.schedule.optional().describe('temperature of the student; default 1'),
        sides: z.enum(['teacher', 'both']).default('teacher').describe('the sides that have the pair'),
      })
      .refine(({ student, sides }) => sides === 'teacher' || student === undefined, {
        path: ['student'],
        error: 'is not allowed together with sides: "both"; the student has the pair then',
      })
      .describe('`target` for the label and `other` for the other classes (`sides`)[, student at `student`]'),
  create({ target, other, student = one, sides }): TemperatureSchedule {
    const [ofTarget, ofOther, ofStudent] = [
      checked(target, lowest, 'target'),
      checked(other, lowest, 'other'),
      checked(student, lowest, 'student'),
    ];
    return {
      scalars: (at) => ({ target: ofTarget(at), other: ofOther(at), ...(sides === 'both' ? {} : { student: ofStudent(at) }) }),
      temperature({ scalars, teacher, labels }) {
        const pair = pairOf(labels, teacher, scalars['target'] as tf.Scalar, scalars['other'] as tf.Scalar);
        return sides === 'both' ? pair : { student: scalars['student'] as tf.Scalar, teacher: pair };
      },
    };
  },
});

const one: Schedule = () => 1;
