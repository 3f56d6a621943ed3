import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { createKit, nativeKernels, runNativeKernel, uniformNoise } from '@temper/core';
import { models } from '@temper/models';
import { expectNoLeakedTensors } from '@temper/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadBackend } from './load-backend.js';
import { nativeBackend, type NativeBackend } from './native-backend.js';
import { registerKernels } from './register-kernels.js';

const seed = (...numbers: [number, number]): tf.Tensor1D => tf.tensor1d(Int32Array.from(numbers), 'int32');
const numbersOf = (x: tf.Tensor | undefined): number[] => Array.from((x as tf.Tensor).dataSync());
const expectClose = (got: readonly number[], want: readonly number[]): void => {
  expect(got.length).toBe(want.length);
  want.forEach((value, i) => expect(Math.abs((got[i] as number) - value)).toBeLessThan(2e-5 * (1 + Math.abs(value))));
};

test('noise and batch normalization are portable without registered kernels', async () => {
  const drawn = await expectNoLeakedTensors(() => tf.tidy(() => numbersOf(uniformNoise([5], seed(1, 2)))));
  expect(runNativeKernel(nativeKernels.uniformNoise, {})).toBeUndefined();
  await loadBackend('native');
  const native = tf.tidy(() => numbersOf(uniformNoise([5], seed(1, 2))));
  expect(native).not.toEqual(drawn);
  // Registered once: tfjs would print a warning.
  registerKernels();
});

describe('with registered kernels', () => {
  beforeAll(() => registerKernels());

  test('noise is uniform and a function of seed and index', async () => {
    await expectNoLeakedTensors(() =>
      tf.tidy(() => {
        const draw = (index: number, ...from: [number, number]): number[] => numbersOf(uniformNoise([100, 200], seed(...from), index));
        const drawn = draw(3, 1, 2);
        expect(draw(3, 1, 2)).toEqual(drawn);
        expect(draw(4, 1, 2)).not.toEqual(drawn);
        expect(draw(3, 1, 3)).not.toEqual(drawn);
        expect(drawn.every((value) => value >= 0 && value < 1)).toBe(true);
        const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
        const square = drawn.reduce((sum, value) => sum + value * value, 0) / drawn.length;
        // Five standard deviations.
        expect(Math.abs(mean - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / drawn.length));
        expect(Math.abs(square - 1 / 3)).toBeLessThan(5 * Math.sqrt(4 / 45 / drawn.length));
      }),
    );
  });

  test.each([
    [4, [6, 5, 3]],
    [8, [1, 1, 7]],
    [1, [1, 1, 2]],
  ])('batch normalization of %i samples of shape %j equals plain operations', async (batch, shape) => {
    const epsilon = 1e-3;
    await expectNoLeakedTensors(() =>
      tf.tidy(() => {
        const x = tf.add(tf.mul(tf.randomNormal([batch, ...shape], 0, 1, 'float32', 5), 3), 2);
        const dy = tf.randomNormal([batch, ...shape], 0, 1, 'float32', 6);
        const scale = tf.linspace(0.5, 2, shape[2] as number);
        const offset = tf.linspace(-1, 1, shape[2] as number);
        const plain = (...[v, gamma, beta]: tf.Tensor[]): tf.Tensor => {
          const { mean, variance } = tf.moments(v as tf.Tensor, [0, 1, 2]);
          const normalized = tf.div(tf.sub(v as tf.Tensor, mean), tf.sqrt(tf.add(variance, epsilon)));
          return tf.add(tf.mul(normalized, gamma as tf.Tensor), beta as tf.Tensor);
        };
        const made = runNativeKernel(nativeKernels.batchNormalization, { x, scale, offset }, { epsilon }) as tf.Tensor[];
        const [value, mean, , saved0, saved1, saved2] = made as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
        expectClose(numbersOf(value), numbersOf(plain(x, scale, offset)));
        expectClose(numbersOf(mean), numbersOf(tf.mean(x, [0, 1, 2])));
        const inputs = { dy, x, scale, saved0, saved1, saved2 };
        const got = runNativeKernel(nativeKernels.batchNormalizationGradient, inputs, { epsilon }) as tf.Tensor[];
        const want = tf.grads(plain)([x, scale, offset], dy);
        for (const [i, gradient] of want.entries()) expectClose(numbersOf(got[i]), numbersOf(gradient));
      }),
    );
  });

  test('a residual network is trained with the batch normalization of TensorFlow', () => {
    const build = createKit({ plugins: [models] }).model({ type: 'resnet', widths: [4] });
    const network = build({ inputShape: [8, 8, 1], classes: 3, seed: 1, name: 'small' }) as LayersModel;
    const backend = nativeBackend() as { -readonly [K in keyof NativeBackend]: NativeBackend[K] };
    const { executeMultipleOutputs } = backend;
    const called: string[] = [];
    backend.executeMultipleOutputs = (name, ...given) => {
      called.push(name);
      return executeMultipleOutputs.call(backend, name, ...given);
    };
    try {
      tf.tidy(() => tf.variableGrads(() => tf.sum(network.apply(tf.ones([2, 8, 8, 1]), { training: true }) as tf.Tensor)));
    } finally {
      backend.executeMultipleOutputs = executeMultipleOutputs;
      network.dispose();
    }
    expect(called).toContain('FusedBatchNormV3');
    expect(called).toContain('FusedBatchNormGradV3');
  });
});
