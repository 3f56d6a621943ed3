import { TemperError, tf, type LossContext, type Variables } from '@temper/core';
import type { Sides } from './temperature.js';

/** The layers of both networks that a loss compares. */
export interface LayerNames {
  readonly student: string;
  readonly teacher: string;
}

/** Returns the last size of a shape. */
export const widthOf = (shape: readonly number[] | undefined): number | undefined => shape?.[shape.length - 1];

/** Names of the variables of the map of a pair of layers: `projection` and `bias`, then `projection_2` and `bias_2`. */
const projectionNames = (pair: number): [weights: string, bias: string] => [numbered('projection', pair), numbered('bias', pair)];

/** Returns the name of a variable of a pair of layers: the name alone for the first pair. */
export const numbered = (name: string, pair: number): string => (pair === 0 ? name : `${name}_${pair + 1}`);

/**
 * Creates a linear map with Glorot's uniform weights.
 * @param key Names the stream of its random numbers.
 * @param names Names of the weights and of the bias.
 */
export function linearMap(
  random: LossContext['random'],
  key: string,
  [from, to]: readonly [number, number],
  [weights, bias]: readonly [string, string],
): Variables {
  const stream = random.stream(key);
  const limit = Math.sqrt(6 / (from + to));
  const values = Float32Array.from({ length: from * to }, () => (2 * stream.next() - 1) * limit);
  return tf.tidy(() => ({ [weights]: tf.variable(tf.tensor2d(values, [from, to])), [bias]: tf.variable(tf.zeros([to])) }));
}

/** What a loss learns for each of its pairs of layers. */
export interface Learned {
  /** Names of the variables of a pair. */
  names(pair: number): readonly string[];
  /** Creates the variables of a pair; `owner` names the stream of their random numbers, together with the layers. */
  create(owner: string, layers: LayerNames, pair: number, context: LossContext): Variables;
}

/** A linear map from the student's width to the teacher's, where they differ. */
export const projections: Learned = {
  names: projectionNames,
  create(owner, { student, teacher }, pair, { tapShapes, random }) {
    const [from, to] = [widthOf(tapShapes.student[student]), widthOf(tapShapes.teacher[teacher])];
    if (from === undefined || to === undefined || from === to) return {};
    return linearMap(random, `${owner}/${student}/${teacher}`, [from, to], projectionNames(pair));
  },
};

/**
 * Maps the student's layer to the width of the teacher's.
 * @throws TemperError where the widths differ and the learned map is missing.
 */
export function project({ student: hint, teacher }: Sides, pair: number, variables: Variables = {}): tf.Tensor {
  const [from, to] = [hint, teacher].map(({ shape }) => widthOf(shape)) as [number, number];
  if (from === to) return hint;
  const missing = `the student's layer has the width ${from}, the teacher's ${to}, and the learned map between them is missing`;
  const projected = mapped(tf.reshape(hint, [-1, from]), projectionNames(pair), variables, missing);
  return tf.reshape(projected, [...hint.shape.slice(0, -1), to]);
}

/**
 * Applies a linear map to the rows of a table.
 * @param names Names of the weights and of the bias.
 * @throws TemperError `model/invalid` with the message `missing` where the map was not created.
 */
export function mapped(rows: tf.Tensor, [ofWeights, ofBias]: readonly [string, string], variables: Variables, missing: string): tf.Tensor {
  const [weights, bias] = [variables[ofWeights], variables[ofBias]];
  if (weights !== undefined && bias !== undefined) return tf.add(tf.matMul(rows, weights as tf.Tensor as tf.Tensor2D), bias);
  throw new TemperError({
    code: 'model/invalid',
    message: missing,
    hint: 'In your own training loop, create it with loss.variables(context), train it with the student, and pass it in variables.',
  });
}
