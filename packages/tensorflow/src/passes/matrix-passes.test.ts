import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { biasAdd, biasGradient } from './bias.js';
import { matrixProduct } from './matrix-product.js';
import { noChange } from './no-change.js';
import { rewriteOf, count, normal } from '../testing/rewritten.js';

describe('matrixProduct', () => {
  test('matrixProduct replaces products of batches of one by plain products', () => {
    const { after } = rewriteOf(
      { a: normal([3, 4], 1), b: normal([5, 4], 2), c: normal([1, 4, 3], 3), d: normal([1, 1, 3, 2], 4) },
      ({ a, b, c, d }) => ({
        ab: tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, false, true),
        ca: tf.matMul(c as tf.Tensor3D, tf.reshape(a as tf.Tensor, [1, 3, 4])),
        ad: tf.matMul(tf.reshape(a as tf.Tensor, [1, 1, 3, 4]), d as tf.Tensor, true, false),
      }),
      [noChange, matrixProduct],
      1e-6,
    );
    expect([count(after, 'BatchMatMulV2'), count(after, 'MatMul')]).toEqual([0, 3]);
  });

  test('matrixProduct leaves larger batches unchanged', () => {
    const { after } = rewriteOf(
      { a: normal([2, 3, 4], 1), b: normal([2, 4, 5], 2) },
      ({ a, b }) => ({ y: tf.matMul(a as tf.Tensor, b as tf.Tensor) }),
      [matrixProduct],
      1e-6,
    );
    expect(count(after, 'BatchMatMulV2')).toBe(1);
  });
});

describe('bias', () => {
  test('a bias is added and summed by operations of its own', () => {
    const { after } = rewriteOf(
      { x: normal([2, 3, 3, 5], 1), b: normal([5], 2) },
      ({ x, b }) => ({ y: tf.mul(tf.add(x as tf.Tensor, b as tf.Tensor), 2), g: tf.mul(tf.sum(x as tf.Tensor, [0, 1, 2]), 2) }),
      [biasAdd, biasGradient],
      1e-6,
    );
    expect([count(after, 'BiasAdd'), count(after, 'BiasAddGrad')]).toEqual([1, 1]);
  });

  test('a sum along another axis is not treated as a bias', () => {
    const { after } = rewriteOf(
      { x: normal([5, 5], 1), b: normal([5, 1], 2), v: normal([5], 3) },
      ({ x, b, v }) => ({
        y: tf.mul(tf.add(x as tf.Tensor, b as tf.Tensor), 2),
        z: tf.mul(tf.add(v as tf.Tensor, v as tf.Tensor), 2),
        g: tf.mul(tf.sum(x as tf.Tensor, 1), 2),
        k: tf.mul(tf.sum(x as tf.Tensor, 0, true), 2),
      }),
      [biasAdd, biasGradient],
      1e-6,
    );
    expect(after.filter((op) => op.startsWith('Bias'))).toEqual([]);
  });
});
