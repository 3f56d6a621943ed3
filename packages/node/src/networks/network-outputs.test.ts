import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-node';
import { input, layers, model, sequential, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect, test } from 'vitest';
import { writeGraphModel } from '../testing/graph-model.js';
import { load, logitsOf, networkFrom } from '../testing/networks.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { saveNetwork } from './save-network.js';
import { failureOfLoad } from '../testing/failure-of-load.js';

describe('outputs', () => {
  test('a network with two outputs is refused, since they are not logits', async () => {
    const folder = await temporaryFolder();
    const from = input({ shape: [3] });
    const outputs = [1, 2].map((units) => layers.dense({ units }).apply(from) as SymbolicTensor);
    const two = model({ inputs: from, outputs });
    await saveNetwork(networkFrom(two), folder);
    two.dispose();
    await expectNoLeakedTensors(async () => {
      expect(await failureOfLoad(folder)).toMatchObject({
        code: 'model/invalid',
        message: expect.stringContaining('has 2 outputs; a classifier has one output of logits'),
      });
    });
  });

  test('a network with one number per sample is refused', async () => {
    const folder = await temporaryFolder();
    await writeGraphModel(folder, { outputRank: 1 });
    expect(await failureOfLoad(folder)).toMatchObject({
      code: 'model/invalid',
      message: expect.stringContaining('gives an output of shape [2]'),
    });
  });

  test.each([
    ['in its last layer', () => [layers.dense({ units: 2, inputShape: [3], activation: 'softmax' })]],
    ['as an activation', () => [layers.dense({ units: 2, inputShape: [3] }), layers.activation({ activation: 'softmax' })]],
    ['as a layer', () => [layers.dense({ units: 2, inputShape: [3] }), layers.softmax()]],
    ['before a reshape', () => [layers.dense({ units: 2, inputShape: [3], activation: 'softmax' }), layers.reshape({ targetShape: [2] })]],
    [
      'in a nested model',
      () => [sequential({ layers: [layers.dense({ units: 2, inputShape: [3], activation: 'softmax' })] }), layers.dropout({ rate: 0.1 })],
    ],
  ])('a softmax %s is left out', async (_, make) => {
    const folder = await temporaryFolder();
    const classifier = sequential({ layers: make() });
    await saveNetwork(networkFrom(classifier), folder);
    const loaded = await load(folder);
    const [probabilities, logits] = [logitsOf(classifier), logitsOf(loaded)];
    const softmax = tf.tidy(() => Array.from(tf.softmax(tf.tensor2d(logits, [2, 2])).dataSync()));
    softmax.forEach((value, i) => expect(value).toBeCloseTo(probabilities[i] as number, 5));
    expect(logits).not.toEqual(probabilities);
    classifier.dispose();
    loaded.dispose();
  });

  test('a softmax between other layers stays', async () => {
    const folder = await temporaryFolder();
    const odd = sequential({ layers: [layers.dense({ units: 4, inputShape: [3], activation: 'softmax' }), layers.dense({ units: 2 })] });
    await saveNetwork(networkFrom(odd), folder);
    const loaded = await load(folder);
    expect(logitsOf(loaded)).toEqual(logitsOf(odd));
    odd.dispose();
    loaded.dispose();
  });
});
