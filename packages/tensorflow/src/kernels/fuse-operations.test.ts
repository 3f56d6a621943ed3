import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { type Body, fused, normal, kernels, in1 } from '../testing/fused.js';

const special = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1e-6,
  -1e-6,
  1e-30,
  3e38,
  -3e38,
  1e20,
  -1e20,
  88,
  89,
  -87,
  -103,
  -110,
  10,
  -10,
  NaN,
  Infinity,
  -Infinity,
];
const unary: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
  neg: tf.neg,
  exp: tf.exp,
  log: tf.log,
  sqrt: tf.sqrt,
  rsqrt: tf.rsqrt,
  square: tf.square,
  tanh: tf.tanh,
  sigmoid: tf.sigmoid,
  erf: tf.erf,
  relu: tf.relu,
  abs: tf.abs,
  reciprocal: tf.reciprocal,
};
const binary: Readonly<Record<string, (x: tf.Tensor, y: tf.Tensor) => tf.Tensor>> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  maximum: tf.maximum,
  minimum: tf.minimum,
  squaredDifference: tf.squaredDifference,
};

describe.each(Object.entries(unary))('%s', (_, f) => {
  // abs leaves every value as it is in kind, so that two operations make a kernel.
  const body: Body = ({ x }) => ({ y: tf.neg(f(x as tf.Tensor)) });

  test('the fused operation equals TensorFlow for values of all magnitudes', async () => {
    const values = Array.from({ length: 4097 }, (_, i) => (i % 2 === 0 ? 1 : -1) * Math.exp((i - 2048) / 100));
    expect(kernels(await fused(() => ({ x: tf.tensor1d(values) }), body))).toBe(1);
    expect(kernels(await fused(() => ({ x: tf.linspace(-12, 12, 4097) }), body))).toBe(1);
  });

  test('the fused operation propagates NaN and infinities', async () => {
    expect(kernels(await fused(() => ({ x: tf.tensor1d(special) }), body))).toBe(1);
  });
});

describe.each(Object.entries(binary))('%s', (_, f) => {
  const pairs = special.flatMap((a) => special.map((b) => [a, b] as const));

  test('the fused operation equals TensorFlow for all values, NaN and infinities too', async () => {
    const make = () => ({ x: tf.tensor1d(pairs.map(([a]) => a)), y: tf.tensor1d(pairs.map(([, b]) => b)) });
    expect(kernels(await fused(make, ({ x, y }) => ({ z: tf.neg(f(x as tf.Tensor, y as tf.Tensor)) })))).toBe(1);
  });

  test('the fused operation accepts numbers, columns, rows and repeated tables', async () => {
    const make = () => ({
      x: normal([6, 5, 7], 1),
      number: tf.scalar(0.7),
      column: normal([7], 2),
      row: normal([6, 5, 1], 3),
      table: normal([5, 7], 4),
    });
    const body: Body = (inputs) =>
      Object.fromEntries(
        ['number', 'column', 'row', 'table'].flatMap((name) => [
          [name, tf.tanh(f(in1(inputs, 'x'), in1(inputs, name)))],
          [`${name} first`, tf.tanh(f(in1(inputs, name), in1(inputs, 'x')))],
        ]),
      );
    expect(kernels(await fused(make, body))).toBeGreaterThan(0);
  });
});

describe('two operations in one instruction', () => {
  const operands = ['x', 'number', 'column', 'row', 'table'];
  const make = () => ({
    x: normal([6, 5, 7], 1),
    number: tf.scalar(0.7),
    column: normal([7], 2),
    row: normal([6, 5, 1], 3),
    table: normal([5, 7], 4),
  });

  test('fused differences times operands and products plus operands equal TensorFlow', async () => {
    const body: Body = (inputs) => {
      const at = (name: string): tf.Tensor => in1(inputs, name);
      return Object.fromEntries(
        operands.flatMap((first) =>
          operands.map(
            (second) =>
              [
                `${first}, ${second}`,
                tf.addN(
                  [
                    tf.mul(tf.sub(at('x'), at(first)), at(second)),
                    tf.mul(at(second), tf.sub(at(first), at('x'))),
                    tf.add(tf.mul(at('x'), at(first)), at(second)),
                    tf.add(at(second), tf.mul(at(first), at('x'))),
                  ].map((one) => tf.tanh(one)),
                ),
              ] as const,
          ),
        ),
      );
    };
    expect(kernels(await fused(make, body))).toBeGreaterThan(0);
  });

  test('fused sums of products with operands of every kind equal TensorFlow', async () => {
    const body: Body = (inputs) =>
      Object.fromEntries(operands.map((name) => [name, tf.tanh(tf.sum(tf.mul(tf.tanh(in1(inputs, 'x')), in1(inputs, name)), -1, true))]));
    expect(kernels(await fused(make, body))).toBeGreaterThan(0);
  });

  test('two of three operations in a row are combined', async () => {
    const body: Body = ({ x, column, row }) => {
      const product = tf.mul(tf.sub(x as tf.Tensor, row as tf.Tensor), column as tf.Tensor);
      return {
        sum: tf.tanh(tf.add(product, 1)),
        total: tf.tanh(tf.sum(tf.mul(tf.sub(x as tf.Tensor, column as tf.Tensor), row as tf.Tensor), -1)),
      };
    };
    expect(kernels(await fused(make, body))).toBeGreaterThan(0);
  });

  test('a result with other readers is kept', async () => {
    const body: Body = ({ x, column }) => {
      const product = tf.mul(x as tf.Tensor, column as tf.Tensor);
      return { product, sum: tf.add(product, column as tf.Tensor), twice: tf.add(product, product), total: tf.sum(product, -1) };
    };
    expect(kernels(await fused(make, body))).toBeGreaterThan(0);
  });
});
