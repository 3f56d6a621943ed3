import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-node';
import { input, layers, loadLayersModel, model, sequential, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';
import { expectNoLeakedTensors } from '@temper/testing';
import { removedEnding } from './ending.js';
import { layersAtLogits } from './layers-at-logits.js';

const dense = (units: number, activation?: 'softmax' | 'sigmoid' | 'relu', more = {}) =>
  layers.dense({ units, ...(activation === undefined ? {} : { activation }), ...more });
const first = (units: number, activation?: 'softmax' | 'sigmoid') => dense(units, activation, { inputShape: [4] });
const chain = (...parts: readonly layers.Layer[]): LayersModel => sequential({ layers: [...parts] });

const endings: readonly [string, () => LayersModel][] = [
  ['the activation of the last dense layer', () => chain(first(3, 'softmax'))],
  ['an activation layer', () => chain(first(3), layers.activation({ activation: 'softmax' }))],
  ['a softmax layer', () => chain(first(3), layers.softmax())],
  ['a softmax layer that names its axis', () => chain(first(3), layers.softmax({ axis: -1 }))],
  ['softmax, then a reshape', () => chain(first(3, 'softmax'), layers.reshape({ targetShape: [3] }))],
  ['softmax, then a linear activation', () => chain(first(3, 'softmax'), layers.activation({ activation: 'linear' }))],
  ['softmax, then dropout and noise', () => chain(first(3, 'softmax'), layers.dropout({ rate: 0.5 }), layers.gaussianNoise({ stddev: 1 }))],
  ['a model in a model', () => chain(dense(5, 'relu', { inputShape: [4] }), chain(dense(3, 'softmax', { inputShape: [5] })))],
  ['a model first in a model', () => chain(chain(first(3, 'softmax')))],
  [
    'a model in a model in a model',
    () =>
      chain(
        chain(dense(6, 'relu', { inputShape: [4] }), chain(dense(5, 'relu', { inputShape: [6] }), dense(3, 'softmax'))),
        layers.reshape({ targetShape: [3] }),
      ),
  ],
  [
    'a convolution with softmax, then flatten',
    () =>
      chain(
        layers.reshape({ targetShape: [2, 2, 1], inputShape: [4] }),
        layers.conv2d({ filters: 3, kernelSize: 2, activation: 'softmax' }),
        layers.flatten(),
      ),
  ],
  [
    'a functional model with a skip',
    () => {
      const x = input({ shape: [4] });
      const sum = layers.add().apply([dense(4, 'relu').apply(x) as SymbolicTensor, x]) as SymbolicTensor;
      return model({ inputs: x, outputs: dense(3, 'softmax').apply(sum) as SymbolicTensor });
    },
  ],
  [
    'positions',
    () => chain(layers.reshape({ targetShape: [2, 2], inputShape: [4] }), layers.timeDistributed({ layer: dense(3, 'softmax') as never })),
  ],
];

const inputs = () => tf.randomNormal([5, 4], 0, 1, 'float32', 3);
const outputs = (of: LayersModel, apply: (x: tf.Tensor) => tf.Tensor = (x) => x): number[] =>
  tf.tidy(() => [...apply(of.predict(inputs()) as tf.Tensor).dataSync()]);

function expectClose(got: readonly number[], wanted: readonly number[]): void {
  expect(got).toHaveLength(wanted.length);
  got.forEach((value, i) => expect(value).toBeCloseTo(wanted[i] as number, 5));
}

describe('models that end in a softmax', () => {
  test.each(endings)('a softmax is removed at the end of a model with %s', (_, make) => {
    const given = make();
    const nodes = () => given.layers.map(({ inboundNodes, outboundNodes }) => [inboundNodes.length, outboundNodes.length]);
    const before = { json: JSON.stringify(given.toJSON(undefined, false)), nodes: nodes() };
    const probabilities = outputs(given);
    const found = layersAtLogits(given) as LayersModel;
    expect(removedEnding(found)).toBe('softmax');
    expectClose(
      outputs(found, (logits) => tf.softmax(logits)),
      probabilities,
    );
    expect(outputs(found)).not.toEqual(probabilities);
    expect(found.outputs[0]?.shape).toEqual(given.outputs[0]?.shape);
    expect(found.name).toBe(given.name);
    expect(found.weights.map(({ originalName }) => originalName)).toEqual(given.weights.map(({ originalName }) => originalName));
    expect(found.trainableWeights.map((weight) => weight.read().id)).toEqual(given.trainableWeights.map((weight) => weight.read().id));
    // The user's model is what it was.
    expect({ json: JSON.stringify(given.toJSON(undefined, false)), nodes: nodes() }).toEqual(before);
    expectClose(outputs(given), probabilities);
    expect(layersAtLogits(found)).toBeUndefined();
  });

  test('a sigmoid with a unit for each class at the end is removed', () => {
    const given = chain(first(2, 'sigmoid'));
    const found = layersAtLogits(given) as LayersModel;
    expect(removedEnding(found)).toBe('sigmoid');
    expectClose(
      outputs(found, (logits) => tf.sigmoid(logits)),
      outputs(given),
    );
  });

  test('the model without a softmax shares its weights, and disposing frees both', async () => {
    await expectNoLeakedTensors(async () => {
      const given = chain(dense(5, 'relu', { inputShape: [4] }), chain(dense(3, 'softmax', { inputShape: [5] })));
      const found = layersAtLogits(given) as LayersModel;
      tf.tidy(() => given.setWeights(given.getWeights().map((weight) => tf.onesLike(weight))));
      expectClose(
        outputs(found, (logits) => tf.softmax(logits)),
        outputs(given),
      );
      const nested = given.layers[1] as LayersModel;
      found.dispose();
      nested.dispose();
      expect(() => outputs(given)).toThrow();
    });
  });

  test('the model without a softmax is saved and loaded like any model', async () => {
    const found = layersAtLogits(chain(first(3, 'softmax'), layers.reshape({ targetShape: [3] }))) as LayersModel;
    let saved: tf.io.ModelArtifacts | undefined;
    await found.save(
      tf.io.withSaveHandler(
        async (artifacts) => ((saved = artifacts), { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) }),
      ),
    );
    const again = await loadLayersModel(tf.io.fromMemory(saved as tf.io.ModelArtifacts));
    expectClose(outputs(again), outputs(found));
  });

  test('the model without a softmax keeps frozen layers frozen', () => {
    const frozen = dense(5, undefined, { inputShape: [4], trainable: false });
    const found = layersAtLogits(chain(frozen, dense(3, 'softmax'))) as LayersModel;
    expect(found.trainableWeights).toHaveLength(2);
    const whole = chain(first(3, 'softmax'));
    whole.trainable = false;
    expect(layersAtLogits(whole)?.trainableWeights).toHaveLength(0);
  });
});

describe('models that stay unchanged', () => {
  test.each<[string, () => LayersModel]>([
    ['that gives logits', () => chain(first(3))],
    ['with a softmax in the middle', () => chain(first(3, 'softmax'), dense(3))],
    ['with one sigmoid unit', () => chain(first(1, 'sigmoid'))],
    ['with a softmax over positions', () => chain(layers.reshape({ targetShape: [2, 2], inputShape: [4] }), layers.softmax({ axis: 1 }))],
    ['whose reshape tears rows apart', () => chain(first(6, 'softmax'), layers.reshape({ targetShape: [2, 3] }))],
    [
      'whose probabilities are averaged',
      () => {
        const x = input({ shape: [4] });
        const parts = [1, 2].map(() => dense(3, 'softmax').apply(x) as SymbolicTensor);
        return model({ inputs: x, outputs: layers.average().apply(parts) as SymbolicTensor });
      },
    ],
    [
      'whose last layer also works before',
      () => {
        const x = input({ shape: [4] });
        const shared = dense(4, 'softmax');
        return model({ inputs: x, outputs: shared.apply(shared.apply(x)) as SymbolicTensor });
      },
    ],
  ])('a model %s stays unchanged', (_, make) => {
    expect(layersAtLogits(make())).toBeUndefined();
  });
});
