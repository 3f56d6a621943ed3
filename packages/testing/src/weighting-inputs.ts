import * as tf from '@tensorflow/tfjs-core';
import type { Scalars, ScalarTensors, Variables, WeightingInputs } from '@temper/core';

type Matrix = readonly (readonly number[])[];

/** The inputs of a weighting as plain numbers; missing parts are zeros for one sample of two classes. */
export interface WeightingValues {
  readonly losses: Readonly<Record<string, number | tf.Tensor>>;
  /** Value of each loss for each sample; where it is left out, every sample has the mean. */
  readonly values?: Readonly<Record<string, readonly number[]>>;
  readonly scalars?: Scalars;
  readonly variables?: Variables;
  readonly student?: Matrix;
  /** Absent: the run has no teacher. */
  readonly teacher?: Matrix;
  readonly labels?: readonly number[];
  /** Gradient of each loss with respect to the student's logits. */
  readonly gradients?: Readonly<Record<string, Matrix>>;
}

/**
 * Returns the tensors that a run gives to a weighting's graph side, from plain numbers; call it inside `tf.tidy`.
 * @example tf.tidy(() => uwSo().weights(weightingInputs({ losses: { soft: 0.7, hard: 2.3 } })).soft.dataSync()[0]);
 */
export function weightingInputs({
  losses,
  scalars = {},
  variables = {},
  teacher,
  gradients = {},
  values,
  ...given
}: WeightingValues): WeightingInputs {
  const { student = [[0, 0]], labels = student.map(() => 0) } = given;
  return {
    losses: scalarTensors(losses),
    values: Object.fromEntries(
      Object.entries(scalarTensors(losses)).map(([name, mean]) => [
        name,
        valuesOf(values?.[name]) ?? tf.mul(mean, tf.ones([labels.length])),
      ]),
    ),
    scalars: scalarTensors(scalars),
    variables,
    student: matrix(student),
    ...(teacher === undefined ? {} : { teacher: matrix(teacher) }),
    labels: tf.tensor1d([...labels], 'int32'),
    gradientOf: (loss) => matrix(gradients[loss] ?? student.map((row) => row.map(() => 0))),
  };
}

const valuesOf = (values: readonly number[] | undefined): tf.Tensor | undefined => values && tf.tensor1d([...values]);

const matrix = (rows: Matrix): tf.Tensor => tf.tensor2d(rows.map((row) => [...row]));

const scalarTensors = (values: Readonly<Record<string, number | tf.Tensor>>): ScalarTensors =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? tf.scalar(value) : (value as tf.Scalar)]),
  );
