import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { expectNoLeakedTensors } from '@temper/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kernelLevels, type KernelLevel } from '../backend/kernel-level.js';
import { optimize } from '../passes/optimize.js';
import { recorded } from '../testing/recorded.js';
import { loadKernels } from './kernels.js';

type Tensors = Readonly<Record<string, tf.Tensor>>;
type Body = (inputs: Readonly<Record<string, tf.Tensor>>) => Tensors;

/** The levels that this processor has. */
const possible = kernelLevels.slice(0, kernelLevels.indexOf(loadKernels() ?? 'baseline') + 1);

/** Runs a function with and without kernels of every level, and compares their values; returns the operations with kernels. */
function fused(make: () => Tensors, body: Body, tolerance = 2e-6): Promise<readonly string[]> {
  return expectNoLeakedTensors(() => {
    const inputs = make();
    const made = recorded(inputs, body);
    const plain = made.run((step) => optimize(step, { kernels: 'off' }));
    const runs = possible.map((kernels) => ({ kernels, ...made.run((step) => optimize(step, { kernels })) }));
    for (const { kernels, values } of runs) {
      for (const [name, wanted] of Object.entries(plain.values)) expectSame(values[name] ?? [], wanted, tolerance, `${name} (${kernels})`);
    }
    tf.dispose(inputs as tf.NamedTensorMap);
    return runs[0]?.operations ?? [];
  });
}

/** NaN is NaN and an infinity that infinity; numbers agree relative to the largest one, or to themselves. */
function expectSame(got: readonly number[], wanted: readonly number[], tolerance: number, name: string): void {
  const largest = Math.min(1, Math.max(...wanted.filter(Number.isFinite).map(Math.abs), 0));
  wanted.forEach((value, i) => {
    const found = got[i] as number;
    if (!Number.isFinite(value)) expect(found, `${name}[${i}]`).toBe(value);
    else
      expect(Math.abs(found - value), `${name}[${i}]: ${found} instead of ${value}`).toBeLessThanOrEqual(
        tolerance * (largest + Math.abs(value)),
      );
  });
}

const normal = (shape: number[], seed: number): tf.Tensor => tf.randomNormal(shape, 0, 1, 'float32', seed);
const kernels = (operations: readonly string[]): number => operations.filter((op) => op === 'TemperRows').length;
const in1 = (inputs: Tensors, name: string): tf.Tensor => inputs[name] as tf.Tensor;

// Fails rather than skips: the set-up has compiled them before any test runs.
test('the kernels are there', () => expect(loadKernels()).toBeDefined());

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

  test('is TensorFlow’s for values of all sizes', async () => {
    const values = Array.from({ length: 4097 }, (_, i) => (i % 2 === 0 ? 1 : -1) * Math.exp((i - 2048) / 100));
    expect(kernels(await fused(() => ({ x: tf.tensor1d(values) }), body))).toBe(1);
    expect(kernels(await fused(() => ({ x: tf.linspace(-12, 12, 4097) }), body))).toBe(1);
  });

  test('lets NaN and infinities through', async () => {
    expect(kernels(await fused(() => ({ x: tf.tensor1d(special) }), body))).toBe(1);
  });
});

describe.each(Object.entries(binary))('%s', (_, f) => {
  const pairs = special.flatMap((a) => special.map((b) => [a, b] as const));

  test('is TensorFlow’s, also of NaN and infinities', async () => {
    const make = () => ({ x: tf.tensor1d(pairs.map(([a]) => a)), y: tf.tensor1d(pairs.map(([, b]) => b)) });
    expect(kernels(await fused(make, ({ x, y }) => ({ z: tf.neg(f(x as tf.Tensor, y as tf.Tensor)) })))).toBe(1);
  });

  test('takes numbers, columns, rows and repeated tables on either side', async () => {
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

  test('differences times and products plus operands of every kind are those of TensorFlow', async () => {
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

  test('sums of products with operands of every kind are those of TensorFlow', async () => {
    const body: Body = (inputs) =>
      Object.fromEntries(operands.map((name) => [name, tf.tanh(tf.sum(tf.mul(tf.tanh(in1(inputs, 'x')), in1(inputs, name)), -1, true))]));
    expect(kernels(await fused(make, body))).toBeGreaterThan(0);
  });

  test('of three operations in a row two are combined', async () => {
    const body: Body = ({ x, column, row }) => {
      const product = tf.mul(tf.sub(x as tf.Tensor, row as tf.Tensor), column as tf.Tensor);
      return {
        sum: tf.tanh(tf.add(product, 1)),
        total: tf.tanh(tf.sum(tf.mul(tf.sub(x as tf.Tensor, column as tf.Tensor), row as tf.Tensor), -1)),
      };
    };
    expect(kernels(await fused(make, body))).toBeGreaterThan(0);
  });

  test('a result that others read as well is kept', async () => {
    const body: Body = ({ x, column }) => {
      const product = tf.mul(x as tf.Tensor, column as tf.Tensor);
      return { product, sum: tf.add(product, column as tf.Tensor), twice: tf.add(product, product), total: tf.sum(product, -1) };
    };
    expect(kernels(await fused(make, body))).toBeGreaterThan(0);
  });
});

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
])('random expressions over %i × %i keep their values', async (rows, columns) => {
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

test('a softmax of large and infinite logits is TensorFlow’s', async () => {
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

test('sums over all rows and means of a loss, and the gradients of biases, come out of the same kernel', async () => {
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

test('labels become one-hot rows; those outside of the classes are rows of zeros', async () => {
  const make = () => ({ x: normal([5, 3], 1), labels: tf.tensor1d([0, 2, -100, 3, 1], 'int32') });
  const operations = await fused(make, ({ x, labels }) => ({
    y: tf.mul(tf.tanh(x as tf.Tensor), tf.oneHot(labels as tf.Tensor1D, 3, 1, 0, 'float32')),
  }));
  expect(kernels(operations)).toBe(1);
  expect(operations).not.toContain('OneHot');
});

test('what lies between two members of a kernel is not waited for in a circle', async () => {
  const make = () => ({ a: normal([8, 8], 1), b: normal([8, 8], 2) });
  const operations = await fused(make, ({ a, b }) => {
    const left = tf.tanh(tf.neg(a as tf.Tensor));
    const right = tf.tanh(tf.neg(b as tf.Tensor));
    const [across, back] = [tf.matMul(left as tf.Tensor2D, b as tf.Tensor2D), tf.matMul(right as tf.Tensor2D, a as tf.Tensor2D)];
    return { y: tf.tanh(tf.mul(tf.add(left, back), right)), z: tf.tanh(tf.mul(tf.add(right, across), left)) };
  });
  expect(kernels(operations)).toBeGreaterThan(1);
});

test('nothing is computed in a kernel of its own', async () => {
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

  test('off leaves the kernels out', () => expect(withVariable('off')).toBeUndefined());

  test('a level is the highest that is used', () => {
    expect(withVariable('baseline')).toBe('baseline');
    expect(withVariable('avx512')).toBe(possible.at(-1));
    expect(withVariable('avx2')).toBe(possible.includes('avx2') ? 'avx2' : 'baseline');
    expect(withVariable('auto')).toBe(possible.at(-1));
  });

  test('any other value is refused with the values that are allowed', () => {
    expect(() => withVariable('avx3')).toThrow('TEMPER_KERNELS: expected one of auto, off, baseline, avx2, avx512, got "avx3"');
  });
});
