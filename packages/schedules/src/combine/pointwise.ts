import { tf } from '@temper/core';
import { lowest } from '../options.js';
import { combine } from './combine.js';
import { isPlain, onEachSide, type Part } from './parts.js';

type ForEach<P extends readonly unknown[], T> = { readonly [K in keyof P]: T };

/**
 * Combines the values that all parts have at the same update, by one operation on numbers and the same on tensors.
 * The result for adaptive temperatures cannot be checked before training, so it is clipped above 0.
 */
export function pointwise<const P extends readonly Part[]>(
  parts: P,
  numbers: (values: ForEach<P, number>) => number,
  tensors: (values: ForEach<P, tf.Tensor>) => tf.Tensor,
  placeOf: (index: number) => string = () => 'of',
): Part {
  const indices = parts.map((_, index) => index);
  const onNumbers = (values: readonly number[]): number => numbers(values as ForEach<P, number>);
  return combine(parts, {
    inForce: (at) => indices.map((index) => ({ index, at })),
    numbers: parts.every(isPlain) ? onNumbers : (values) => Math.max(lowest, onNumbers(values)),
    placeOf,
    temperatures: onEachSide((values) => tf.maximum(tensors(values as ForEach<P, tf.Tensor>), lowest)),
  });
}

/** The same for an operation on two values, from the first part to the last. */
export const foldPointwise = (
  parts: readonly Part[],
  numbers: (a: number, b: number) => number,
  tensors: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): Part =>
  pointwise(
    parts,
    (values) => values.reduce((a, b) => numbers(a, b)),
    (values) => values.reduce((a, b) => tensors(a, b)),
    (index) => `of[${index}]`,
  );
