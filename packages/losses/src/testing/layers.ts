import * as tf from '@tensorflow/tfjs-core';
import { createRandom, type Loss, type Variables } from '@temper/core';

/** Rows of features. */
export type Table = readonly (readonly number[])[];

/** A pair of layers by name. */
export const pair = { student: 's', teacher: 't' } as const;

/** Returns random features that float32 holds exactly. */
export function normals(samples: number, width: number, seed: number): number[][] {
  const stream = createRandom(seed).stream('features');
  return Array.from({ length: samples }, () => Array.from({ length: width }, () => Math.fround(stream.normal())));
}

/** What a loss on layers gets besides them. */
export interface More {
  readonly mask?: readonly number[];
  readonly labels?: readonly number[];
  readonly variables?: Variables;
}

/** Computes a loss on layers for the features of student and teacher. */
export function onLayers(loss: Loss, student: tf.Tensor, teacher: tf.Tensor, { mask, labels, variables }: More = {}): tf.Tensor {
  return tf.tidy(() =>
    loss({
      student: tf.zeros([student.shape[0] as number, 2]),
      taps: { student: { s: student }, teacher: { t: teacher } },
      ...(mask === undefined ? {} : { mask: tf.tensor1d([...mask]) }),
      ...(labels === undefined ? {} : { labels: tf.tensor1d([...labels], 'int32') }),
      ...(variables === undefined ? {} : { variables }),
    }),
  );
}

/** Returns the sum of the values of a loss on layers, and its gradient for the student's features. */
export function valueAndGradient(
  loss: Loss,
  student: Table,
  teacher: Table,
  more: More = {},
): { readonly value: number; readonly gradient: number[] } {
  return tf.tidy(() => {
    const [own, other] = [student, teacher].map((table) => tf.tensor2d(table.map((row) => [...row]))) as [tf.Tensor, tf.Tensor];
    const sum = (at: tf.Tensor): tf.Scalar => tf.sum(onLayers(loss, at, other, more));
    const { value, grad } = tf.valueAndGrad(sum as (at: tf.Tensor) => tf.Tensor)(own);
    return { value: value.dataSync()[0] as number, gradient: Array.from(grad.dataSync()) };
  });
}

/** Features of student and teacher for which a comparison of samples may divide by 0 or overflow. */
export const degenerate: readonly [name: string, student: Table, teacher: Table][] = [
  [
    'a sample is zero',
    [
      [0, 0],
      [1, 2],
    ],
    [
      [1, 1],
      [0, 1],
    ],
  ],
  [
    'all samples are zero',
    [
      [0, 0],
      [0, 0],
    ],
    [
      [0, 0],
      [0, 0],
    ],
  ],
  [
    'all samples are equal',
    [
      [3, 3],
      [3, 3],
    ],
    [
      [1, 0],
      [0, 1],
    ],
  ],
  [
    'features are large',
    [
      [1e4, -1e4],
      [-1e4, 1e4],
    ],
    [
      [1e4, 1e4],
      [1e4, -1e4],
    ],
  ],
];
