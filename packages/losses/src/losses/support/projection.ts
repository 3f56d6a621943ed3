import { TemperError, tf, type LossContext, type Variables } from '@temper/core';
import type { Sides } from './temperature.js';

/** The layers of both networks that a loss compares. */
export interface LayerNames {
  readonly student: string;
  readonly teacher: string;
}

const widthOf = (shape: readonly number[] | undefined): number | undefined => shape?.[shape.length - 1];

/** A linear map with Glorot's uniform weights where the widths differ; `owner` names the stream of its random numbers. */
export function projection(owner: string, names: LayerNames, { tapShapes, random }: LossContext): Variables {
  const [from, to] = [widthOf(tapShapes.student[names.student]), widthOf(tapShapes.teacher[names.teacher])];
  if (from === undefined || to === undefined || from === to) return {};
  const stream = random.stream(`${owner}/${names.student}/${names.teacher}`);
  const limit = Math.sqrt(6 / (from + to));
  const weights = Float32Array.from({ length: from * to }, () => (2 * stream.next() - 1) * limit);
  return tf.tidy(() => ({ projection: tf.variable(tf.tensor2d(weights, [from, to])), bias: tf.variable(tf.zeros([to])) }));
}

/**
 * Maps the student's layer to the width of the teacher's.
 * @throws TemperError where the widths differ and the learned map is missing.
 */
export function project({ student: hint, teacher }: Sides, { projection: weights, bias }: Variables = {}): tf.Tensor {
  const [from, to] = [hint, teacher].map(({ shape }) => widthOf(shape)) as [number, number];
  if (from === to) return hint;
  if (weights === undefined || bias === undefined) {
    throw new TemperError({
      code: 'model/invalid',
      message: `the student's layer has the width ${from}, the teacher's ${to}, and the learned map between them is missing`,
      hint: 'In your own training loop, create it with loss.variables(context), train it with the student, and pass it in variables.',
    });
  }
  const projected = tf.add(tf.matMul(tf.reshape(hint, [-1, from]), weights as tf.Tensor as tf.Tensor2D), bias);
  return tf.reshape(projected, [...hint.shape.slice(0, -1), to]);
}
