import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { optimize } from './optimize.js';
import { recorded } from '../testing/recorded.js';
import { biasAdd, biasGradient } from './bias.js';
import { lateBroadcast } from './late-broadcast.js';
import { noChange } from './no-change.js';
import { poolBeforeBias, poolBeforeRelu } from './pool-gradient.js';
import { reluGradient } from './relu-gradient.js';
import { rewrite } from './rewrite.js';
import { smallSoftmax } from './small-softmax.js';
import { type Body, rewriteOf, expectClose, count, normal } from '../testing/rewritten.js';

const gradientOf = (f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): tf.Tensor => tf.grad(f)(x);

describe('reluGradient', () => {
  test('reluGradient replaces the gradient of a ReLU by one operation with exact zeros', () => {
    const x = tf.tensor2d([
      [-1, 0, 2, -0],
      [1e30, -1e-30, 1e-30, 3],
    ]);
    const { before, after } = rewriteOf(
      { x },
      ({ x }) => ({ g: gradientOf((v) => tf.sum(tf.mul(tf.relu(v), tf.tensor1d([1, 2, 3, 4]))), x as tf.Tensor) }),
      [noChange, reluGradient],
    );
    expect([count(before, 'Select'), count(after, 'Select'), count(after, 'ReluGrad')]).toEqual([2, 0, 1]);
  });

  test('reluGradient leaves step(x) unchanged outside of a ReLU gradient', () => {
    const run = (body: Body) => rewriteOf({ x: normal([2, 3], 1) }, body, [noChange, reluGradient]).after;
    expect(run(({ x }) => ({ y: tf.mul(x as tf.Tensor, tf.step(x as tf.Tensor, 0.1)) }))).not.toContain('ReluGrad');
    expect(run(({ x }) => ({ y: tf.step(x as tf.Tensor) }))).not.toContain('ReluGrad');
    expect(run(({ x }) => ({ y: tf.mul(tf.tensor1d([1, 2, 3]), tf.step(x as tf.Tensor)) }))).not.toContain('ReluGrad');
  });
});

describe('poolBeforeRelu and poolBeforeBias', () => {
  const layer: Body = ({ x, bias, weight }) => {
    const loss = (values: tf.Tensor, added: tf.Tensor): tf.Tensor =>
      tf.sum(tf.mul(tf.maxPool(tf.relu(tf.add(values, added)) as tf.Tensor4D, [3, 3], 2, 'same'), weight as tf.Tensor));
    const [dx, dbias] = tf.grads(loss)([x as tf.Tensor, bias as tf.Tensor]);
    return { dx: dx as tf.Tensor, dbias: dbias as tf.Tensor };
  };
  const first = [noChange, reluGradient, biasAdd, biasGradient];

  test('ReLU and bias moved after the pooling give the same values', () => {
    const inputs = { x: tf.tidy(() => tf.round(normal([2, 7, 7, 3], 1))), bias: tf.tensor1d([-1, 0, 1]), weight: normal([2, 4, 4, 3], 2) };
    const made = recorded(inputs, layer);
    const plain = made.run((step) => rewrite(step, first));
    const moved = made.run((step) => rewrite(rewrite(step, first), [poolBeforeRelu, poolBeforeBias]));
    expectClose(moved.values, plain.values, 1e-6);
    // 0 and −0 are the same here.
    expect(moved.values['dx']?.map((one) => one + 0)).toEqual(plain.values['dx']?.map((one) => one + 0));
    expect(plain.operations.indexOf('ReluGrad')).toBeGreaterThan(plain.operations.indexOf('MaxPoolGrad'));
    expect(moved.operations.indexOf('ReluGrad')).toBeLessThan(moved.operations.indexOf('MaxPoolGrad'));
    tf.dispose(inputs);
  });

  test('a pooling whose gradient uses another ReLU is left unchanged', () => {
    const other: Body = ({ x, y }) => ({
      g: tf.mul(
        gradientOf((v) => tf.sum(tf.maxPool(tf.relu(v) as tf.Tensor4D, 2, 2, 'valid')), x as tf.Tensor),
        tf.step(y as tf.Tensor),
      ),
    });
    const inputs = { x: normal([1, 4, 4, 2], 1), y: normal([1, 4, 4, 2], 2) };
    const made = recorded(inputs, other);
    expectClose(made.run((step) => rewrite(rewrite(step, first), [poolBeforeRelu])).values, made.eager, 0);
    tf.dispose(inputs);
  });
});

describe('noChange', () => {
  test('noChange removes casts and reshapes without effect and merges reshapes in a row', () => {
    const { after } = rewriteOf(
      { x: normal([2, 6], 1) },
      ({ x }) => ({
        a: tf.add(tf.reshape(tf.reshape(x as tf.Tensor, [3, 4]), [12]), 1),
        b: tf.add(tf.reshape(tf.reshape(x as tf.Tensor, [3, 4]), [2, 6]), 1),
        c: tf.add(tf.cast(x as tf.Tensor, 'float32'), 2),
      }),
      [noChange],
    );
    expect([count(after, 'Reshape'), count(after, 'Cast')]).toEqual([1, 0]);
  });

  test('noChange keeps casts that change the dtype and returned inputs', () => {
    const { after } = rewriteOf(
      { x: normal([2, 2], 1) },
      ({ x }) => ({ a: tf.cast(x as tf.Tensor, 'int32'), b: tf.reshape(x as tf.Tensor, [2, 2]) }),
      [noChange],
    );
    expect([count(after, 'Cast'), count(after, 'Reshape'), count(after, 'Identity')]).toEqual([1, 0, 1]);
  });
});

describe('lateBroadcast', () => {
  test('lateBroadcast removes the ones from the gradients of means', () => {
    const normalised: Body = ({ x }) => ({
      g: gradientOf((v) => {
        const centred = tf.sub(v, tf.mean(v, -1, true));
        return tf.sum(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), 1e-5))), tf.tensor1d([1, 2, 3, 4])));
      }, x as tf.Tensor),
    });
    const { before, after } = rewriteOf({ x: normal([3, 2, 4], 1) }, normalised, [noChange, lateBroadcast], 1e-6);
    expect(count(after, 'Mul')).toBeLessThan(count(before, 'Mul'));
  });

  test('lateBroadcast broadcasts where the full tensor is an output', () => {
    const { after } = rewriteOf(
      { x: normal([3, 1], 1) },
      ({ x }) => ({
        y: tf.sum(tf.neg(tf.mul(x as tf.Tensor, tf.ones([3, 5]))), -1),
        z: tf.add(tf.mul(tf.ones([2, 3, 5]), x as tf.Tensor), 1),
      }),
      [lateBroadcast],
    );
    expect(count(after, 'BroadcastTo')).toBe(2);
  });
});

test('smallSoftmax uses two small kernels for a small softmax, not for a large one', () => {
  const { after } = rewriteOf(
    { x: normal([3, 5], 1), y: normal([10, 1000], 2) },
    ({ x, y }) => ({ a: tf.softmax(x as tf.Tensor), b: tf.softmax(y as tf.Tensor) }),
    [smallSoftmax],
    1e-6,
  );
  expect([count(after, 'LogSoftmax'), count(after, 'Exp'), count(after, 'Softmax')]).toEqual([1, 1, 1]);
});

test('all passes together leave the gradients of a convolutional network unchanged', () => {
  const inputs = { x: normal([2, 8, 8, 3], 1), k: normal([3, 3, 3, 4], 2), b: normal([4], 3), w: normal([64, 5], 4), c: normal([5], 5) };
  const loss = (x: tf.Tensor, k: tf.Tensor, b: tf.Tensor, w: tf.Tensor, c: tf.Tensor): tf.Tensor => {
    const maps = tf.maxPool(tf.relu(tf.add(tf.conv2d(x as tf.Tensor4D, k as tf.Tensor4D, 1, 'same'), b)) as tf.Tensor4D, 2, 2, 'valid');
    return tf.mean(tf.logSoftmax(tf.add(tf.matMul(tf.reshape(maps, [2, 64]), w as tf.Tensor2D), c)));
  };
  const made = recorded(inputs, ({ x, k, b, w, c }) => {
    const { value, grads } = tf.valueAndGrads(loss)([x, k, b, w, c] as tf.Tensor[]);
    return { value, ...Object.fromEntries(grads.map((grad, i) => [`g${i}`, grad])) };
  });
  const { values, operations } = made.run((step) => optimize(step, { kernels: 'off' }));
  expectClose(values, made.eager, 1e-5);
  expect(operations).toEqual(expect.arrayContaining(['ReluGrad', 'MatMul', 'BiasAdd', 'BiasAddGrad']));
  tf.dispose(inputs);
});
