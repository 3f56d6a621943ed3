import { TemperError, type LossInputs } from '@temper/core';

/** A shape as text for messages. */
export const shapeOf = ({ shape }: { readonly shape: readonly number[] }): string => `[${shape.join(', ')}]`;
const sameShape = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((size, i) => size === b[i]);

/**
 * Refuses inputs whose shapes do not fit, which broadcasting would otherwise turn into wrong numbers. Messages have no path: the loop adds
 * the name of the term (`losses.soft: …`).
 */
export function checkInputs({ student, teacher, labels, mask }: LossInputs, needs: readonly ('labels' | 'teacher')[]): void {
  const samples = student.shape.slice(0, -1);
  if (student.rank < 2)
    throw wrong(`student logits must have the shape [..., classes] with at least one dimension of samples, got ${shapeOf(student)}`);
  if (student.size === 0) throw wrong(`student logits must hold at least one sample, got the shape ${shapeOf(student)}`);
  if (student.shape[student.rank - 1] === 1) throw wrong(`student logits must have at least 2 classes, got the shape ${shapeOf(student)}`);
  if (needs.includes('teacher')) {
    if (teacher === undefined)
      throw missing('teacher', 'Give the run a teacher, or use a loss that needs none, for instance cross-entropy.');
    const [ofStudent, ofTeacher] = [student, teacher].map(({ shape }) => shape[shape.length - 1] as number) as [number, number];
    if (ofStudent !== ofTeacher) {
      throw wrong(`teacher has ${ofTeacher} ${ofTeacher === 1 ? 'class' : 'classes'}, student ${ofStudent}; both need the same classes`);
    }
    if (!sameShape(student.shape, teacher.shape))
      throw wrong(`teacher logits have the shape ${shapeOf(teacher)}, student logits ${shapeOf(student)}; they must be equal`);
  }
  if (needs.includes('labels')) {
    if (labels === undefined) throw missing('labels', 'Give the labels, or use a loss that needs none, for instance kl.');
    if (!sameShape(labels.shape, samples))
      throw wrong(
        `labels have the shape ${shapeOf(labels)}; with logits ${shapeOf(student)} they must be integers of shape [${samples.join(', ')}]`,
      );
  }
  if (mask !== undefined && !sameShape(mask.shape, samples)) {
    throw wrong(`mask has the shape ${shapeOf(mask)}; with logits ${shapeOf(student)} it must be [${samples.join(', ')}]`);
  }
}

const wrong = (message: string): TemperError => new TemperError({ code: 'model/invalid', message, fault: 'user' });
const missing = (what: 'labels' | 'teacher', hint: string): TemperError =>
  new TemperError({
    code: 'config/invalid',
    message: `needs ${what === 'teacher' ? 'the logits of a teacher' : 'labels'}, got none`,
    hint,
  });
