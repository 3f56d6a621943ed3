import type * as tfjs from '@tensorflow/tfjs-core';
import { tf } from '#libraries';
import type { Temperature } from './contracts/schedule.js';
import { TemperError } from './errors.js';
import { isTensor, kindOf } from './is-tensor.js';
import type { Path } from './path.js';

/**
 * Returns a temperature in shapes that broadcast against the logits `[samples, …, classes]`. A temperature, or that of each side, is
 * a scalar, one value per sample `[samples, 1]`, per class `[1, classes]`, or both `[samples, classes]`; for sequences also one per
 * position, `[samples, length, 1]` or `[samples, length, classes]`. Every size may be 1.
 * @param path The place of the temperature in the config, for errors.
 * @throws TemperError `config/invalid` for another shape, with the shapes that are possible.
 * @example fitTemperature(tf.ones([1, 10]), tf.zeros([4, 7, 10])) // shape [1, 1, 10]
 */
export function fitTemperature(temperature: Temperature, logits: tfjs.Tensor, path: Path | string = 'temperature'): Temperature {
  if (isTensor(temperature)) return fitted(temperature, logits, path, '');
  const given: unknown = temperature;
  if (typeof given !== 'object' || given === null || !isTensor(temperature.student) || !isTensor(temperature.teacher)) {
    throw new TemperError({
      code: 'plugin/invalid',
      path,
      message: `must be a tensor, or an object with a tensor for the student and one for the teacher, got ${kindOf(given)}`,
      hint: 'Return the result of tensor operations from the graph side.',
    });
  }
  const { student, teacher } = temperature;
  const ofStudent = fitted(student, logits, path, 'of the student ');
  const ofTeacher = student === teacher ? ofStudent : fitted(teacher, logits, path, 'of the teacher ');
  return ofStudent === student && ofTeacher === teacher ? temperature : { student: ofStudent, teacher: ofTeacher };
}

/** Returns whether a temperature that fits the logits has a value for each class. */
export const isPerClass = (temperature: tfjs.Tensor): boolean =>
  temperature.rank > 0 && (temperature.shape[temperature.rank - 1] as number) > 1;

function fitted(temperature: tfjs.Tensor, logits: tfjs.Tensor, path: Path | string, side: string): tfjs.Tensor {
  const { shape, rank } = temperature;
  if (rank === 0) return temperature;
  const wanted = rank === 2 ? [logits.shape[0], logits.shape[logits.rank - 1]] : logits.shape;
  if (shape.length === wanted.length && shape.every((size, i) => size === 1 || size === wanted[i])) {
    if (rank === logits.rank) return temperature;
    return tf.reshape(temperature, [shape[0] as number, ...logits.shape.slice(1, -1).map(() => 1), shape[1] as number]);
  }
  throw new TemperError({
    code: 'config/invalid',
    path,
    message: `${side}has the shape ${text(shape)}; with logits ${text(logits.shape)} it must be ${allowed(logits.shape)}`,
    hint: hintFor(shape, logits.shape),
  });
}

const text = (shape: readonly (number | undefined)[]): string => `[${shape.join(', ')}]`;

function allowed(logits: readonly number[]): string {
  const [samples, classes] = [logits[0], logits[logits.length - 1]];
  const shapes = [
    [samples, 1],
    [1, classes],
    [samples, classes],
    ...(logits.length === 2 ? [] : [[...logits.slice(0, -1), 1], logits]),
  ].map(text);
  return `a scalar, ${shapes.slice(0, -1).join(', ')} or ${shapes[shapes.length - 1]}`;
}

/** Says how the likeliest mistakes are corrected: a dimension that was reduced, or one that is missing in front. */
function hintFor(shape: readonly number[], logits: readonly number[]): string {
  const samples = logits.slice(0, -1);
  const perPosition = shape.length === samples.length && shape.every((size, i) => size === samples[i]);
  const classes = logits[logits.length - 1] as number;
  const perClass = `One value per class has the shape [1, ${classes}].`;
  const isClasses = shape.length === 1 && shape[0] === classes;
  if (perPosition) return `Keep the reduced dimension, or add a last dimension of 1.${isClasses ? ` ${perClass}` : ''}`;
  if (isClasses) return `Add a first dimension of 1. ${perClass}`;
  return 'A value per sample has a last dimension of 1; a value per class has one entry for each class of the logits.';
}
