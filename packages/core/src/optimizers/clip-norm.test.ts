import * as tf from '@tensorflow/tfjs-node';
import { expect, test } from 'vitest';
import { clipNorm } from './clip-norm.js';
import { summed } from './chain.js';

/** Gradients of two variables after clipping, in one stream or in two that add up to them. */
function clipped(first: readonly number[], second: readonly number[], limit: number, streams = 1): number[] {
  return tf.tidy(() => {
    const part = (values: readonly number[]): tf.Tensor => tf.div(tf.tensor1d([...values]), streams);
    const all = Object.fromEntries(Array.from({ length: streams }, (_, i) => [`stream ${i}`, [part(first), part(second)]]));
    let after: readonly tf.Tensor[] = [];
    clipNorm(limit)
      .init([])
      .apply(all, (given) => (after = summed(given)), { learningRate: tf.scalar(1) });
    return after.flatMap((sum) => [...sum.dataSync()]);
  });
}

const normOf = (values: readonly number[]): number => Math.hypot(...values);

test.each([
  ['whose squares overflow float32', [3e25, 0], [4e25]],
  ['next to the largest number of float32', [3e38, -3e38], [3e38]],
  ['of ordinary size', [3, 0], [4]],
  ['of very different size', [1e-30, 1e20], [1]],
])('clipping scales gradients %s to the limit', (_, first, second) => {
  for (const streams of [1, 2]) {
    for (const limit of [1e-3, 2]) {
      const after = clipped(first, second, limit, streams);
      expect(normOf(after) / limit).toBeCloseTo(1, 5);
      const direction = normOf([...first, ...second]);
      after.forEach((value, i) => expect(value / limit).toBeCloseTo(([...first, ...second][i] as number) / direction, 5));
    }
  }
});

test.each([
  ['below the limit', [0.3, 0], [0.4], 1],
  ['of 0', [0, 0], [0], 1],
  ['whose squares are too small for float32', [3e-30, 0], [4e-30], 1e-3],
])('clipping leaves gradients %s unchanged', (_, first, second, limit) => {
  expect(clipped(first, second, limit)).toEqual([...first, ...second].map(Math.fround));
});

test.each([NaN, Infinity, -Infinity])('clipping propagates a gradient of %d', (bad) => {
  expect(Number.isFinite(clipped([1, bad], [2], 1)[1])).toBe(false);
});

test.each([0, -1, NaN, Infinity])('clipping refuses the limit %d', (limit) => {
  expect(() => clipNorm(limit)).toThrow(`clipNorm: must be a finite number above 0, got ${limit}`);
});
