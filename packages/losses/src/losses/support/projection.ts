import { TemperError, tf, type LossContext, type Variables } from '@temper/core';
import type { Sides } from './temperature.js';

/** The layers of both networks that a loss compares. */
export interface LayerNames {
  readonly student: string;
  readonly teacher: string;
}

const widthOf = (shape: readonly number[] | undefined): number | undefined => shape?.[shape.length - 1];

/** Names of the variables of the map of a pair of layers: `projection` and `bias`, then `projection_2` and `bias_2`. */
export const projectionNames = (pair: number): [weights: string, bias: string] => {
  const end = pair === 0 ? '' : `_${pair + 1}`;
  return [`projection${end}`, `bias${end}`];
};

/**
 * Creates a linear map with Glorot's uniform weights where the widths differ.
 * @param owner Names the stream of its random numbers, together with the layers.
 * @param pair The number of the pair of layers in the loss.
 */
export function projection(owner: string, names: LayerNames, pair: number, { tapShapes, random }: LossContext): Variables {
  const [from, to] = [widthOf(tapShapes.student[names.student]), widthOf(tapShapes.teacher[names.teacher])];
  if (from === undefined || to === undefined || from === to) return {};
  const stream = random.stream(`${owner}/${names.student}/${names.teacher}`);
  const limit = Math.sqrt(6 / (from + to));
  const weights = Float32Array.from({ length: from * to }, () => (2 * stream.next() - 1) * limit);
  const [projection, bias] = projectionNames(pair);
  return tf.tidy(() => ({ [projection]: tf.variable(tf.tensor2d(weights, [from, to])), [bias]: tf.variable(tf.zeros([to])) }));
}

/**
 * Maps the student's layer to the width of the teacher's.
 * @throws TemperError where the widths differ and the learned map is missing.
 */
export function project({ student: hint, teacher }: Sides, pair: number, variables: Variables = {}): tf.Tensor {
  const [from, to] = [hint, teacher].map(({ shape }) => widthOf(shape)) as [number, number];
  if (from === to) return hint;
  const [weights, bias] = projectionNames(pair).map((name) => variables[name]);
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
