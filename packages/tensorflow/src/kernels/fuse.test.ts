import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type KernelLevel } from '../backend/kernel-level.js';
import { optimize } from '../passes/optimize.js';
import { recorded } from '../testing/recorded.js';
import { loadKernels } from './kernels.js';
import { type Tensors, possible, fused, normal, kernels, in1 } from '../testing/fused.js';

// Fails rather than skips: the set-up has compiled them before any test runs.
test('the kernels load on this machine', () => expect(loadKernels()).toBeDefined());

/** Expressions over a table, its rows, columns and a number, whose values stay of moderate size. */
const steps = fc.array(fc.record({ op: fc.nat(9), a: fc.nat(1000), b: fc.nat(1000) }), { minLength: 2, maxLength: 25 });

function express(made: readonly { op: number; a: number; b: number }[], inputs: Tensors): Tensors {
  const known = Object.values(inputs);
  const at = (i: number): tf.Tensor => known[i % known.length] as tf.Tensor;
  const results = made.map(({ op, a, b }) => {
    const [x, y] = [at(a), at(b)];
    const table = tf.add(in1(inputs, 'x'), x);
    const value = [
      () => tf.tanh(tf.add(x, y)),
      () => tf.mul(tf.tanh(x), tf.tanh(y)),
      () => tf.sigmoid(tf.sub(x, y)),
      () => tf.maximum(x, y),
      () => tf.neg(tf.minimum(x, y)),
      () => tf.softmax(tf.tanh(table)),
      () => tf.mean(tf.tanh(table), -1, true),
      () => tf.exp(tf.neg(tf.abs(x))),
      () => tf.tanh(tf.logSoftmax(table)),
      () => tf.max(table, -1, true),
    ][op]?.() as tf.Tensor;
    known.push(value);
    return value;
  });
  return Object.fromEntries(results.slice(-4).map((value, i) => [`y${i}`, value]));
}

test.each([
  [1, 7],
  [7, 1],
  [3, 5],
  [2, 1000],
  [129, 10],
  [1, 4097],
  [4097, 3],
])('random expressions over %i × %i have the same values when fused', async (rows, columns) => {
  await fc.assert(
    fc.asyncProperty(steps, async (made) => {
      const make = () => ({
        x: normal([rows, columns], 1),
        z: normal([rows, columns], 2),
        row: normal([rows, 1], 3),
        column: normal([columns], 4),
        number: tf.scalar(0.3),
      });
      // Differences of rounding grow where values nearly cancel.
      await fused(make, (inputs) => express(made, inputs), 1e-4);
    }),
    { numRuns: 6 },
  );
});

test('a fused softmax of large and infinite logits equals TensorFlow', async () => {
  const rows = [
    [1e30, -1e30, 0],
    [Infinity, 0, 1],
    [-Infinity, 0, 1],
    [NaN, 1, 2],
    [-Infinity, -Infinity, -Infinity],
    [88, 89, 90],
  ];
  const operations = await fused(
    () => ({ x: tf.tensor2d(rows) }),
    ({ x }) => ({ p: tf.mul(tf.softmax(x as tf.Tensor), 2), l: tf.mul(tf.logSoftmax(x as tf.Tensor), 2) }),
  );
  expect(kernels(operations)).toBeGreaterThan(0);
});

test('sums over rows, loss means and bias gradients come out of the same kernel', async () => {
  const make = () => ({ x: normal([300, 70], 1), b: normal([70], 2) });
  const operations = await fused(
    make,
    ({ x, b }) => {
      const f = (bias: tf.Tensor): tf.Tensor => tf.mean(tf.sum(tf.square(tf.tanh(tf.add(x as tf.Tensor, bias))), -1));
      const { value, grad } = tf.valueAndGrad(f)(b as tf.Tensor);
      return { value, grad };
    },
    1e-5,
  );
  expect(kernels(operations)).toBe(1);
  expect(operations).not.toContain('BiasAddGrad');
});

test('labels become one-hot rows, and labels outside of the classes rows of zeros', async () => {
  const make = () => ({ x: normal([5, 3], 1), labels: tf.tensor1d([0, 2, -100, 3, 1], 'int32') });
  const operations = await fused(make, ({ x, labels }) => ({
    y: tf.mul(tf.tanh(x as tf.Tensor), tf.oneHot(labels as tf.Tensor1D, 3, 1, 0, 'float32')),
  }));
  expect(kernels(operations)).toBe(1);
  expect(operations).not.toContain('OneHot');
});

test('fusing never makes two kernels wait for each other', async () => {
  const make = () => ({ a: normal([8, 8], 1), b: normal([8, 8], 2) });
  const operations = await fused(make, ({ a, b }) => {
    const left = tf.tanh(tf.neg(a as tf.Tensor));
    const right = tf.tanh(tf.neg(b as tf.Tensor));
    const [across, back] = [tf.matMul(left as tf.Tensor2D, b as tf.Tensor2D), tf.matMul(right as tf.Tensor2D, a as tf.Tensor2D)];
    return { y: tf.tanh(tf.mul(tf.add(left, back), right)), z: tf.tanh(tf.mul(tf.add(right, across), left)) };
  });
  expect(kernels(operations)).toBeGreaterThan(1);
});

test('no kernel is made for a single operation', async () => {
  const make = () => ({ a: normal([8, 8], 1), b: normal([8], 2) });
  expect(
    kernels(
      await fused(make, ({ a, b }) => ({
        y: tf.matMul(tf.neg(a as tf.Tensor) as tf.Tensor2D, a as tf.Tensor2D),
        z: tf.relu(tf.add(tf.matMul(a as tf.Tensor2D, a as tf.Tensor2D), b as tf.Tensor)),
      })),
    ),
  ).toBe(0);
});

test.each(possible)('two runs give the same bits with kernels for %s', (kernels) => {
  const inputs = { x: normal([1000, 300], 1) };
  const made = recorded(inputs, ({ x }) => ({
    y: tf.mean(tf.sum(tf.exp(tf.tanh(x as tf.Tensor)), -1)),
    p: tf.softmax(tf.tanh(x as tf.Tensor)),
  }));
  const [first, second] = [1, 2].map(() => made.run((step) => optimize(step, { kernels })).values);
  expect(second).toEqual(first);
  tf.dispose(inputs);
});

describe('TEMPER_KERNELS', () => {
  const withVariable = (value: string): KernelLevel | undefined => {
    const before = process.env.TEMPER_KERNELS;
    process.env.TEMPER_KERNELS = value;
    try {
      return loadKernels();
    } finally {
      if (before === undefined) delete process.env.TEMPER_KERNELS;
      else process.env.TEMPER_KERNELS = before;
    }
  };

  test('TEMPER_KERNELS=off disables the kernels', () => expect(withVariable('off')).toBeUndefined());

  test('TEMPER_KERNELS with a level sets the highest level in use', () => {
    expect(withVariable('baseline')).toBe('baseline');
    expect(withVariable('avx512')).toBe(possible.at(-1));
    expect(withVariable('avx2')).toBe(possible.includes('avx2') ? 'avx2' : 'baseline');
    expect(withVariable('auto')).toBe(possible.at(-1));
  });

  test('TEMPER_KERNELS with another value is refused with the allowed values', () => {
    expect(() => withVariable('avx3')).toThrow('TEMPER_KERNELS: expected one of auto, off, baseline, avx2, avx512, got "avx3"');
  });
});

test.each(possible)('elementwise operations alone are fused with %s only where it is faster', (level) => {
  const made = recorded({ x: normal([64, 10], 1), y: normal([640], 2) }, ({ x, y }) => ({
    alone: tf.tanh(tf.mul(tf.add(y as tf.Tensor, 1), 3)),
    rows: tf.mul(tf.softmax(x as tf.Tensor), 2),
  }));
  const { operations } = made.run((step) => optimize(step, { kernels: level }));
  expect(kernels(operations)).toBe(level === 'avx512' ? 2 : 1);
  expect(operations.includes('Tanh')).toBe(level !== 'avx512');
});
