import { tf } from '@temper/core';
import { largestOf } from './probabilities.js';
import type { Sides } from './temperature.js';

/** Logits of both sides, each with 0 as its largest. */
export interface Softened extends Sides {
  /**
   * Teacher minus student, a constant. It is computed before both are rounded, and is more accurate than the difference of the rounded
   * values.
   */
  readonly apart: tf.Tensor;
}

/** The same the other way round. */
export const exchanged = ({ student, teacher, apart }: Softened): Softened => ({
  student: teacher,
  teacher: student,
  apart: tf.neg(apart),
});

/** Moves both sides so that 0 is their largest again. */
export function aligned({ student, teacher, apart }: Softened): Softened {
  const [ofStudent, ofTeacher] = [student, teacher].map(largestOf) as [tf.Tensor, tf.Tensor];
  return { student: tf.sub(student, ofStudent), teacher: tf.sub(teacher, ofTeacher), apart: tf.sub(apart, tf.sub(ofTeacher, ofStudent)) };
}
