import { TemperError, tf, type LossInputs } from '@temper/core';
import { shapeOf } from './check-inputs.js';
import { divides, rule } from './check-layers.js';
import { constant } from './soft-loss.js';
import type { Sides } from './temperature.js';

/**
 * The two outputs, the teacher's as a constant; `[..., width]` with the samples first, as in the logits.
 * @throws TemperError where a network did not give one, or where it does not begin with the logits' samples.
 */
export function tapped({ taps, student: logits }: LossInputs, names: { readonly student: string; readonly teacher: string }): Sides {
  const samples = logits.shape.slice(0, -1);
  const find = (side: 'student' | 'teacher'): tf.Tensor => {
    const found = taps?.[side][names[side]];
    const known = Object.keys(taps?.[side] ?? {});
    if (found === undefined) {
      throw new TemperError({
        code: 'model/invalid',
        message: `the ${side} gave no output of its layer "${names[side]}"${known.length === 0 ? '' : `; it gave ${known.join(', ')}`}`,
        hint: 'Layers can be tapped in a tfjs LayersModel, and in a Network that has `tapped`.',
      });
    }
    if (found.rank < samples.length + 1 || samples.some((size, i) => size !== found.shape[i])) {
      throw new TemperError({
        code: 'model/invalid',
        message:
          `the ${side}'s layer "${names[side]}" gives ${shapeOf(found)}, which does not begin with the samples of the logits, ` +
          `[${samples.join(', ')}]`,
      });
    }
    return found;
  };
  return { student: find('student'), teacher: constant(find('teacher')) };
}

/**
 * Averages the larger of two feature maps `[batch, height, width, channels]` over squares of whole pixels, so that both have one size.
 * Anything else must be of equal size already, up to the channels.
 */
export function toSameSize({ student, teacher }: Sides): Sides {
  const sizes = [student, teacher].map(({ shape }) => shape.slice(1, -1)) as [number[], number[]];
  if (sizes[0].join() === sizes[1].join()) return { student, teacher };
  const [ofStudent, ofTeacher] = sizes;
  if (student.rank === 4 && teacher.rank === 4) {
    if (divides(ofTeacher, ofStudent)) return { student: pool(student, ofTeacher), teacher };
    if (divides(ofStudent, ofTeacher)) return { student, teacher: pool(teacher, ofStudent) };
  }
  throw new TemperError({
    code: 'model/invalid',
    message: `the student's layer gives ${shapeOf(student)}, the teacher's ${shapeOf(teacher)}; ${rule}`,
    hint: 'Choose layers of one size, or a loss of which sizes need not fit: rkd, similarity-preserving, pkt.',
  });
}

function pool(map: tf.Tensor, [height, width]: readonly number[]): tf.Tensor {
  const window: [number, number] = [(map.shape[1] as number) / (height as number), (map.shape[2] as number) / (width as number)];
  return tf.avgPool(map as tf.Tensor4D, window, window, 'valid');
}

/** Everything after the samples in one axis. */
export const flattened = (map: tf.Tensor, { rank }: tf.Tensor): tf.Tensor => tf.reshape(map, [...map.shape.slice(0, rank - 1), -1]);

/**
 * Refuses maps of a single position, which a loss on positions cannot compare: it would be 0 whatever the networks compute.
 * @param rank The number of dimensions of samples.
 */
export function checkPositions({ student }: Sides, rank: number, hint: string): void {
  const positions = student.shape.slice(rank, -1).reduce((product, size) => product * size, 1);
  if (positions > 1) return;
  throw new TemperError({
    code: 'model/invalid',
    message: `compares the positions of a feature map, and a layer of shape ${shapeOf(student)} has one position for each sample`,
    hint,
  });
}
