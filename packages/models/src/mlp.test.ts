import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-node';
import { TemperError, createKit } from '@temper/core';
import { describe, expect, test } from 'vitest';
import { models } from './index.js';
import { mlp } from './mlp.js';
import { behavesAsNetwork, built, layerNames, parameterCount } from './testing/networks.js';

const image = { inputShape: [28, 28], classes: 10, seed: 1, name: 'student' };

behavesAsNetwork('mlp', () => mlp({ hidden: [16, 8] }), [
  { inputShape: [5, 4], classes: 3 },
  { inputShape: [7], classes: 2 },
  { inputShape: [2, 3, 4], classes: 5 },
  { inputShape: [], classes: 2 },
]);

describe('mlp', () => {
  test('mlp has one dense layer for each hidden width, then the logits', () => {
    const model = built(mlp({ hidden: [32, 16] }), image);
    expect(layerNames(model)).toEqual(['input', 'flatten', 'hidden_1', 'hidden_2', 'logits']);
    expect(parameterCount(model)).toBe(784 * 32 + 32 + 32 * 16 + 16 + 16 * 10 + 10);
    model.dispose();
  });

  test('mlp without hidden layers is a linear classifier', () => {
    const model = built(mlp({ hidden: [] }), image);
    expect(parameterCount(model)).toBe(7850);
    model.dispose();
  });

  test('mlp flattens a sample in row-major order', () => {
    const model = built(mlp({ hidden: [] }), { ...image, inputShape: [2, 2], classes: 2 });
    const logits = tf.tidy(() => {
      const x = tf.tensor3d([
        [
          [1, 2],
          [3, 4],
        ],
      ]);
      const [kernel] = model.getWeights();
      return [model.apply(x) as tf.Tensor, tf.matMul(tf.reshape(x, [1, 4]), kernel as tf.Tensor2D)].map((t) => Array.from(t.dataSync()));
    });
    expect(logits[0]).toEqual(logits[1]);
    model.dispose();
  });

  test('mlp is built from a config', () => {
    const model = built(createKit({ plugins: [models] }).model({ type: 'mlp', hidden: [4], activation: 'tanh', dropout: 0.5 }), image);
    expect(layerNames(model)).toContain('dropout_1');
    model.dispose();
  });

  test.each([
    [{ hidden: [0] }, 'mlp.hidden[0]: must be a finite number at least 1, got 0'],
    [{ hidden: [1.5] }, 'mlp.hidden[0]: must be a whole number, got 1.5'],
    [{ hidden: [1e9] }, 'mlp.hidden[0]: must be a finite number at most 65536'],
    [{ hidden: 32 }, 'mlp.hidden: must be a list, got 32'],
    [{ activation: 'rely' }, 'did you mean "relu"?'],
    [{ dropout: 1 }, 'mlp.dropout: must be a finite number below 1, got 1'],
    [{ dropout: Number.NaN }, 'mlp.dropout: must be a finite number, got NaN'],
    [{ hiden: [3] }, 'unknown option "hiden"; did you mean "hidden"?'],
  ])('mlp refuses the options %j', (options, message) => {
    const make = (): unknown => mlp(options as never);
    expect(make).toThrow(TemperError);
    expect(make).toThrow(message);
  });
});
