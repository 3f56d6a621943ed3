import { TemperError, tf, type LossInputs } from '@temper/core';
import type { Sides } from './temperature.js';
import { withoutGradient } from './without-gradient.js';

/** A pair of layers with one row for each sample. */
export interface Rows extends Sides {
  /** 1 = counted, one for each row; absent if all are counted. */
  readonly counted?: tf.Tensor1D;
  /** The number of counted rows, at least 1. */
  readonly count: tf.Scalar | number;
}

/**
 * Returns a pair of layers `[…samples, …, width]` as tables `[samples, features]`; the positions of sequences are samples. Rows that are
 * not counted are 0.
 */
export function rowsOf({ student, teacher }: Sides, { student: logits, mask }: LossInputs): Rows {
  const samples = logits.size / (logits.shape[logits.rank - 1] as number);
  checkSize(samples, samples ** 2);
  const rows = { student: tf.reshape(student, [samples, -1]), teacher: tf.reshape(teacher, [samples, -1]) };
  if (mask === undefined) return { ...rows, count: samples };
  const counted = tf.reshape(tf.cast(mask, 'float32'), [samples]) as tf.Tensor1D;
  const zeroed = (table: tf.Tensor): tf.Tensor => tf.mul(table, tf.expandDims(counted, 1));
  return {
    student: zeroed(rows.student),
    teacher: zeroed(rows.teacher),
    counted,
    count: tf.maximum(tf.sum(counted), 1) as tf.Scalar,
  };
}

/** Returns a table with rows of 0 where they are not counted; with `axis` 1 the columns. */
export const countedIn = (table: tf.Tensor, { counted }: Rows, axis: 0 | 1 = 0): tf.Tensor =>
  counted === undefined ? table : tf.mul(table, tf.expandDims(counted, axis === 0 ? 1 : 0));

/**
 * Refuses a batch of one sample where the formula compares two.
 * @throws TemperError `config/invalid` for a single sample.
 */
export function checkSeveral({ student }: Sides, type: string): void {
  if ((student.shape[0] as number) > 1) return;
  throw new TemperError({
    code: 'config/invalid',
    message: `${type} compares the samples of a batch and needs at least 2, got 1`,
    hint: 'Use a batchSize of 2 or more.',
  });
}

/** The largest number of values of one tensor: half a gigabyte. */
const most = 2 ** 27;

/** The largest number of samples whose pairs fit into memory, with so many values for each pair. */
export const mostPairs = (values = 1): number => Math.floor(Math.sqrt(most / values));

/** The largest number of samples whose triples fit into memory. */
export const mostTriples = Math.round(Math.cbrt(most));

/**
 * Refuses a comparison of so many samples that its tensors would not fit into memory.
 * @param size The number of values of the largest tensor.
 */
export function checkSize(samples: number, size: number): void {
  if (size <= most) return;
  throw new TemperError({
    code: 'config/invalid',
    message:
      `compares ${samples.toLocaleString('en')} samples with one another, which needs tensors of ` + `${size.toLocaleString('en')} numbers`,
    hint: 'Use a smaller batchSize, or layers with fewer features. For sequences every position is a sample.',
  });
}

/** ‖x‖² of a row below which rows count as equal, or as zeros: gradients through a length stop there. */
export const shortest = 1e-12;

/** Returns lengths from their squares, and 0 with a gradient of 0 where the square is below `least`. */
export function lengths(squares: tf.Tensor, least = shortest): { readonly length: tf.Tensor; readonly inverse: tf.Tensor } {
  const isLong = withoutGradient(() => tf.cast(tf.greater(squares, least), 'float32'));
  const length = tf.sqrt(tf.maximum(squares, least));
  return { length: tf.mul(length, isLong), inverse: tf.div(isLong, length) };
}
