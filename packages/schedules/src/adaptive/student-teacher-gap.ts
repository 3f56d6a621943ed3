import { defineTemperature, meanOverCounted, tf, type TemperatureSchedule } from '@temper/core';
import { z } from 'zod';
import { temperature as inRange } from '../options.js';

const memory = z.strictObject({
  /** The first gap, which corresponds to `from`; null before the first evaluation. */
  first: z.number().nullable(),
  /** Running mean of the gap. */
  gap: z.number().nullable(),
});
type Gap = z.infer<typeof memory>;

/**
 * High while student and teacher differ much, and falling as the student approaches the teacher. The gap is the mean total variation
 * ½·Σ|softmax(z_t) − softmax(z_s)| (0 to 1) of the updates since the last evaluation, smoothed as g ← momentum·g + (1 − momentum)·gap;
 * T = to + (from − to)·min(1, g/g₁), where g₁ is the first gap.
 * @example studentTeacherGap({ from: 8, to: 1 })
 */
export const studentTeacherGap = defineTemperature({
  type: 'student-teacher-gap',
  options: z
    .strictObject({
      from: inRange.describe('temperature at the first gap'),
      to: inRange.describe('temperature where there is no gap'),
      momentum: z.number().min(0).lt(1).default(0.5).describe('share of the old value in the moving average of the gap'),
    })
    .describe('from `from` towards `to` as the gap between student and teacher closes (momentum `momentum`)'),
  create({ from, to, momentum }): TemperatureSchedule {
    return {
      scalars(_, state) {
        const { first, gap } = state as Gap;
        return { value: first === null || gap === null ? from : to + (from - to) * Math.min(1, first === 0 ? 0 : gap / first) };
      },
      measure: ({ student, teacher, mask }) => ({
        gap: meanOverCounted(tf.mul(0.5, tf.sum(tf.abs(tf.sub(tf.softmax(teacher), tf.softmax(student))), -1)), mask),
      }),
      state: {
        initial: { first: null, gap: null } satisfies Gap,
        schema: memory,
        observe(state, { gap: seen }) {
          const before = state as Gap;
          if (seen === undefined || !Number.isFinite(seen)) return before;
          return { first: before.first ?? seen, gap: before.gap === null ? seen : momentum * before.gap + (1 - momentum) * seen };
        },
      },
    };
  },
});
