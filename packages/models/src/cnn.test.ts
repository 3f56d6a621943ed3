import '@tensorflow/tfjs-node';
import { TemperError, createKit } from '@temper/core';
import { describe, expect, test } from 'vitest';
import { cnn } from './cnn.js';
import { models } from './index.js';
import { behavesAsNetwork, built, layerNames, parameterCount } from './testing/networks.js';

const image = { inputShape: [28, 28, 1], classes: 10, seed: 1, name: 'teacher' };

behavesAsNetwork('cnn', () => cnn({ channels: [4, 6], dense: [12] }), [
  { inputShape: [8, 8], classes: 3 },
  { inputShape: [9, 6, 3], classes: 4 },
]);

describe('cnn', () => {
  test('cnn has a convolution and a pooling for each channel count, then dense layers', () => {
    const model = built(cnn({ channels: [16, 32], dense: [64] }), image);
    expect(layerNames(model)).toEqual(['input', 'conv_1', 'pool_1', 'conv_2', 'pool_2', 'flatten', 'dense_1', 'logits']);
    expect(parameterCount(model)).toBe(9 * 16 + 16 + 9 * 16 * 32 + 32 + 7 * 7 * 32 * 64 + 64 + 64 * 10 + 10);
    model.dispose();
  });

  test('cnn builds the same network for grey images with and without a channel', () => {
    const [flat, deep] = [built(cnn({}), { ...image, inputShape: [28, 28] }), built(cnn({}), image)];
    expect(flat.weights.map((weight) => Array.from(weight.read().dataSync()))).toEqual(
      deep.weights.map((weight) => Array.from(weight.read().dataSync())),
    );
    flat.dispose();
    deep.dispose();
  });

  test('cnn is built from a config with dropout before each dense layer', () => {
    const model = built(
      createKit({ plugins: [models] }).model({ type: 'cnn', channels: [2], kernel: 5, dense: [3], dropout: 0.25 }),
      image,
    );
    expect(layerNames(model).slice(-5)).toEqual(['flatten', 'dropout_0', 'dense_1', 'dropout_1', 'logits']);
    model.dispose();
  });

  test.each([
    [{}, [64], "teacher (cnn): takes images, [height, width] or [height, width, channels]; the data's samples are of shape 64"],
    [{}, [], "the data's samples are single numbers"],
    [{}, [4, 4, 4, 4], 'of shape 4×4×4×4'],
    [{ kernel: 29 }, [28, 28], 'a kernel of 29×29 is larger than the 28×28 image that reaches conv_1 (28×28)'],
    [
      { kernel: 5, channels: [1, 1, 1, 1] },
      [28, 28, 1],
      'a kernel of 5×5 is larger than the 3×3 image that reaches conv_4 (28×28, halved 3 times)',
    ],
    [{ kernel: 1, channels: [1, 1, 1] }, [4, 8], 'the 1×2 image that reaches conv_3 (4×8, halved 2 times) cannot be halved'],
  ])('cnn with options %j refuses samples of shape %j', (options, inputShape, message) => {
    const build = (): unknown => cnn(options)({ ...image, inputShape });
    expect(build).toThrow(TemperError);
    expect(build).toThrow(message);
  });

  test.each([
    [{ channels: [] }, 'cnn.channels: must have at least 1 entries, got 0'],
    [{ kernel: 0 }, 'cnn.kernel: must be a finite number at least 1, got 0'],
    [{ channels: '16' }, 'cnn.channels: must be a list, got "16"'],
  ])('cnn refuses the options %j', (options, message) => {
    expect(() => cnn(options as never)).toThrow(message);
  });
});
