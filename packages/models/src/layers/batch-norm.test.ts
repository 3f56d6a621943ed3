import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-node';
import { input, layers, model as functional, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { expectNoLeakedTensors } from '@temper/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { reloaded } from '../testing/networks.js';
import { BatchNorm } from './batch-norm.js';

const options = { name: 'norm', momentum: 0.9, epsilon: 1e-3 };
const ours = (): layers.Layer => new BatchNorm(options);
const theirs = (): layers.Layer => layers.batchNormalization(options);

const modelOf = (layer: layers.Layer, shape: number[]): LayersModel => {
  const from = input({ shape });
  const model = functional({ inputs: from, outputs: layer.apply(from) as SymbolicTensor });
  tf.tidy(() =>
    layer.setWeights([
      tf.linspace(0.5, 2, shape.at(-1) as number),
      tf.linspace(-1, 1, shape.at(-1) as number),
      ...layer.getWeights().slice(2),
    ]),
  );
  return model;
};

/** Output, gradients of input, γ and β, and the moving averages after two training steps; then the output outside of training. */
function trained(layer: () => layers.Layer, shape: number[], batch: number): number[][] {
  const model = modelOf(layer(), shape);
  const result = tf.tidy(() => {
    const x = tf.add(tf.mul(tf.randomNormal([batch, ...shape], 0, 1, 'float32', 5), 3), 2);
    const weighed = (y: tf.Tensor): tf.Scalar => tf.sum(tf.mul(tf.sin(y), tf.randomNormal([batch, ...shape], 0, 1, 'float32', 6)));
    const step = (): tf.Tensor[] => {
      const { value, grads } = tf.variableGrads(() => weighed(model.apply(x, { training: true }) as tf.Tensor));
      const dx = tf.grad((v) => weighed(model.apply(v, { training: true }) as tf.Tensor))(x);
      return [value, dx, ...Object.values(grads)];
    };
    const averages = (): tf.Tensor[] => model.layers[1]?.getWeights().slice(2) ?? [];
    return [...step(), ...averages(), model.apply(x) as tf.Tensor].map((tensor) => Array.from(tensor.dataSync()));
  });
  model.dispose();
  return result;
}

function expectClose(got: number[][], want: number[][]): void {
  const largest = Math.max(...want.flat().map(Math.abs));
  want.flat().forEach((value, i) => expect(Math.abs((got.flat()[i] as number) - value)).toBeLessThan(2e-5 * largest));
}

afterEach(() => tf.setBackend('tensorflow'));

describe.each(['tensorflow', 'cpu'])('batch normalisation on backend %s', (backend) => {
  test.each([
    [[6, 5, 3], 4],
    [[7], 8],
    [[4, 2], 1],
  ])('batch normalisation equals the layer of tfjs for samples %j', async (shape, batch) => {
    await tf.setBackend(backend);
    const got = await expectNoLeakedTensors(() => trained(ours, shape, batch));
    expectClose(got, trained(theirs, shape, batch));
  });

  test('batch normalisation is finite for a batch without variance', async () => {
    await tf.setBackend(backend);
    const model = modelOf(ours(), [1, 1, 3]);
    const { values, gradient } = tf.tidy(() => {
      const run = (x: tf.Tensor): tf.Tensor => model.apply(x, { training: true }) as tf.Tensor;
      const x = tf.fill([1, 1, 1, 3], 7);
      return {
        values: Array.from(run(x).dataSync()),
        gradient: Array.from(
          tf
            .grad((v) => tf.sum(run(v)))(x)
            .dataSync(),
        ),
      };
    });
    expect(values).toEqual([-1, 0, 1]);
    expect(gradient).toEqual([0, 0, 0]);
    model.dispose();
  });
});

test('batch normalisation is saved as the layer of tfjs, which reads the network', async () => {
  const model = modelOf(ours(), [4, 4, 3]);
  const loaded = await reloaded(model);
  const x = tf.randomNormal([2, 4, 4, 3]);
  const [a, b] = tf.tidy(() => [model, loaded].map((one) => Array.from((one.predict(x) as tf.Tensor).dataSync()))) as [number[], number[]];
  a.forEach((value, i) => expect(value).toBeCloseTo(b[i] as number, 5));
  expect(loaded.layers[1]?.getConfig()).toMatchObject({ momentum: 0.9, epsilon: 1e-3, axis: -1 });
  tf.dispose(x);
  model.dispose();
  loaded.dispose();
});
