import { defineTemperature, type Temperature, type TemperatureSchedule } from '@temper/core';
import { z } from 'zod';
import { combine } from '../combine/combine.js';
import { sideOf } from '../combine/parts.js';

/**
 * A temperature for each side: one divides the student's logits, the other the teacher's. A part that has a temperature for each side
 * contributes that of its own side.
 * @example sides({ student: 1, teacher: linear({ from: 4, to: 1 }) })
 */
export const sides = defineTemperature({
  type: 'sides',
  options: (ref) =>
    z.strictObject({ student: ref.temperature, teacher: ref.temperature }).describe('student: `student`, teacher: `teacher`'),
  create: ({ student, teacher }) =>
    combine([student, teacher], {
      inForce: (at) => [
        { index: 0, at },
        { index: 1, at },
      ],
      temperatures: (parts) => {
        const [ofStudent, ofTeacher] = parts as [Temperature, Temperature];
        return { student: sideOf(ofStudent, 'student'), teacher: sideOf(ofTeacher, 'teacher') };
      },
      placeOf: (index) => (index === 0 ? 'student' : 'teacher'),
      ofTemperatures: true,
    }) as TemperatureSchedule,
});
