import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-node';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import { input, layers, model, sequential, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Network } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/core/testing';
import { cnn, resnet } from '@temper/models';
import { describe, expect, test } from 'vitest';
import { graphWeights, writeGraphModel } from '../testing/graph-model.js';
import { smallNetwork } from '../testing/networks.js';
import { readJson, temporaryFolder } from '../testing/temporary.js';
import { networkLoader } from './network-loader.js';
import { saveNetwork } from './save-network.js';

type Model = LayersModel | GraphModel;

const x = [[1, -2, 3], [0.5, 0, -1]];
const logitsOf = (network: Model, values = x.flat(), shape = [2, 3]): number[] =>
  tf.tidy(() => Array.from((network.predict(tf.tensor(values, shape)) as tf.Tensor).dataSync()));
const load = async (path: string, runs = 'no-runs'): Promise<Model> => (await networkLoader({ runs }).load(path)) as Model;
const failure = async (path: string, runs?: string): Promise<unknown> => load(path, runs).then(() => Promise.reject(new Error('did not fail')), (error: unknown) => error);
const asNetwork = (one: LayersModel): Network => ({ name: 'n', model: one, logits: () => { throw new Error('not called'); }, parameters: [], buffers: [], dispose: () => undefined });

async function saved(one: LayersModel, folder: string): Promise<void> {
  await saveNetwork(asNetwork(one), folder);
}

describe('saved layers models', () => {
  test.each([
    ['mlp', () => smallNetwork(3).model, [3]],
    ['cnn', () => cnn({ channels: [2], dense: [3] })({ inputShape: [4, 4], classes: 2, seed: 1, name: 'n' }), [4, 4]],
    ['resnet', () => resnet({ widths: [2, 3] })({ inputShape: [4, 4, 2], classes: 2, seed: 1, name: 'n' }), [4, 4, 2]],
  ])('%s comes back with the same weights and logits, and nothing leaks', async (_, make, shape) => {
    const folder = join(await temporaryFolder(), 'teacher');
    await expectNoLeakedTensors(async () => {
      const original = make();
      const values = Array.from({ length: 2 * shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i));
      await saved(original, folder);
      const loaded = await load(folder);
      expect(logitsOf(loaded, values, [2, ...shape])).toEqual(logitsOf(original, values, [2, ...shape]));
      expect((loaded as LayersModel).weights.map(({ originalName }) => originalName)).toEqual(original.weights.map(({ originalName }) => originalName));
      original.dispose();
      loaded.dispose();
    });
  });

  test('the same weights give the same bytes', async () => {
    const folder = await temporaryFolder();
    for (const name of ['a', 'b']) {
      const network = smallNetwork(9);
      await saveNetwork(network, join(folder, name));
      network.dispose();
    }
    expect(await readFile(join(folder, 'a', 'weights.bin'))).toEqual(await readFile(join(folder, 'b', 'weights.bin')));
    expect(await readFile(join(folder, 'a', 'model.json'))).toEqual(await readFile(join(folder, 'b', 'model.json')));
  });

  test('on another backend too', async () => {
    const folder = await temporaryFolder();
    const network = smallNetwork();
    const expected = logitsOf(network.model);
    await saveNetwork(network, folder);
    network.dispose();
    await tf.setBackend('cpu');
    try {
      const loaded = await load(folder);
      const got = logitsOf(loaded);
      got.forEach((value, i) => expect(value).toBeCloseTo(expected[i] as number, 5));
      loaded.dispose();
    } finally {
      await tf.setBackend('tensorflow');
    }
  });
});

describe('what a path may be', () => {
  test('the file, its folder, a run, a run by name, and a network of a run', async () => {
    const root = await temporaryFolder();
    const runs = join(root, 'runs');
    for (const [name, seed] of [['student', 1], ['teacher', 2]] as const) {
      const network = smallNetwork(seed, name);
      await saveNetwork(network, join(runs, 'first', name));
      network.dispose();
    }
    const logits = async (path: string): Promise<number[]> => {
      const network = await load(path, runs);
      const values = logitsOf(network);
      network.dispose();
      return values;
    };
    const [student, teacher] = [await logits(join(runs, 'first', 'student', 'model.json')), await logits(join(runs, 'first', 'teacher'))];
    expect(student).not.toEqual(teacher);
    for (const path of [join(runs, 'first'), 'first', 'first/student', 'first/student/model.json']) expect(await logits(path)).toEqual(student);
    expect(await logits('first/teacher')).toEqual(teacher);
  });

  test('nothing there: names both places, and the nearest run', async () => {
    const runs = join(await temporaryFolder(), 'runs');
    await mkdir(join(runs, 'digits-1'), { recursive: true });
    expect(await failure('digit-1', runs)).toMatchObject({
      code: 'data/not-found', fault: 'user', message: expect.stringContaining(`there is no model at digit-1 or ${join(runs, 'digit-1')}`), hint: 'Did you mean the run "digits-1"?',
    });
    expect(await failure('/no/such/model.json')).toMatchObject({ code: 'data/not-found', hint: expect.stringContaining('Give a model.json') });
  });

  test('a run that has not ended', async () => {
    const runs = await temporaryFolder();
    await mkdir(join(runs, 'a'));
    for (const name of ['config.json', 'metrics.jsonl']) await writeFile(join(runs, 'a', name), '');
    expect(await failure('a', runs)).toMatchObject({ code: 'model/invalid', message: expect.stringContaining('holds no model.json yet: the run has not saved its student') });
  });

  test.each([['teacher.h5', 'a Keras file'], ['teacher.keras', 'a Keras file'], ['net.onnx', 'an ONNX file'], ['net.pt', 'a PyTorch file']])('%s is %s, which has to be converted', async (name, what) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, name), 'x');
    expect(await failure(join(folder, name))).toMatchObject({ code: 'model/invalid', message: expect.stringContaining(`${name} is ${what}, not a TensorFlow.js model`), hint: expect.stringContaining('tensorflowjs_converter') });
    expect(await failure(folder)).toMatchObject({ message: expect.stringContaining(`holds no model.json, but ${name}`) });
  });

  test('a SavedModel folder, and an empty one', async () => {
    const folder = await temporaryFolder();
    expect(await failure(folder)).toMatchObject({ message: expect.stringMatching(/holds no model\.json\n/) });
    await writeFile(join(folder, 'saved_model.pb'), '');
    expect(await failure(folder)).toMatchObject({ message: expect.stringContaining('but saved_model.pb'), hint: expect.stringContaining('tensorflowjs_converter') });
  });
});

describe('damaged models', () => {
  test.each([
    ['', 'is not JSON, it is empty'],
    ['{"modelTopology":{"class_na', 'is not JSON, or is cut off'],
    ['null', 'it has no modelTopology'],
    ['[1]', 'it has no modelTopology'],
    ['{"name":"package"}', 'it has no modelTopology'],
    ['{"modelTopology":{}}', 'has no weightsManifest'],
    ['{"modelTopology":{"class_name":"Sequential","config":{}},"weightsManifest":[]}', 'is not a model that TensorFlow.js can load'],
    ['{"modelTopology":{},"weightsManifest":[{"paths":["../../secret"],"weights":[]}]}', 'names weights outside of its folder'],
  ])('model.json %j', async (text, message) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'model.json'), text);
    expect(await failure(folder)).toMatchObject({ code: 'model/invalid', fault: 'user', message: expect.stringContaining(message), hint: expect.any(String) });
  });

  test('weights cut off, too long, or missing', async () => {
    const folder = await temporaryFolder();
    const network = smallNetwork();
    await saveNetwork(network, folder);
    network.dispose();
    const weights = join(folder, 'weights.bin');
    const bytes = await readFile(weights);
    await expectNoLeakedTensors(async () => {
      await truncate(weights, bytes.length - 1);
      expect(await failure(folder)).toMatchObject({ code: 'model/invalid', message: expect.stringContaining(`its weights weights.bin are cut off: ${bytes.length - 1} bytes, expected ${bytes.length}`) });
      await writeFile(weights, Buffer.concat([bytes, Buffer.alloc(4)]));
      expect(await failure(folder)).toMatchObject({ message: expect.stringContaining('too long') });
    });
    await writeFile(join(folder, 'model.json'), (await readFile(join(folder, 'model.json'), 'utf8')).replace('weights.bin', 'weights.bim'));
    expect(await failure(folder)).toMatchObject({ code: 'environment/files', message: expect.stringContaining(`cannot read ${join(folder, 'weights.bim')}: there is no such file`) });
  });

  test('a layer that tfjs does not have', async () => {
    const folder = await temporaryFolder();
    const network = smallNetwork();
    await saveNetwork(network, folder);
    network.dispose();
    const file = join(folder, 'model.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"class_name":"Dense"', '"class_name":"SpikingDense"'));
    expect(await failure(folder)).toMatchObject({ code: 'model/invalid', message: expect.stringContaining('uses the layer "SpikingDense"'), hint: expect.stringContaining('registerClass(SpikingDense)') });
  });
});

describe('outputs', () => {
  test('two outputs are not logits', async () => {
    const folder = await temporaryFolder();
    const from = input({ shape: [3] });
    const outputs = [1, 2].map((units) => layers.dense({ units }).apply(from) as SymbolicTensor);
    const two = model({ inputs: from, outputs });
    await saved(two, folder);
    two.dispose();
    await expectNoLeakedTensors(async () => {
      expect(await failure(folder)).toMatchObject({ code: 'model/invalid', message: expect.stringContaining('has 2 outputs; a classifier has one output of logits') });
    });
  });

  test('nor is one number per sample', async () => {
    const folder = await temporaryFolder();
    await writeGraphModel(folder, { outputRank: 1 });
    expect(await failure(folder)).toMatchObject({ code: 'model/invalid', message: expect.stringContaining('gives an output of shape [2]') });
  });

  test.each([
    ['in its last layer', () => [layers.dense({ units: 2, inputShape: [3], activation: 'softmax' })]],
    ['as an activation', () => [layers.dense({ units: 2, inputShape: [3] }), layers.activation({ activation: 'softmax' })]],
    ['as a layer', () => [layers.dense({ units: 2, inputShape: [3] }), layers.softmax()]],
  ])('a softmax %s is taken away', async (_, make) => {
    const folder = await temporaryFolder();
    const classifier = sequential({ layers: make() });
    await saved(classifier, folder);
    const loaded = await load(folder);
    const [probabilities, logits] = [logitsOf(classifier), logitsOf(loaded)];
    const softmax = tf.tidy(() => Array.from(tf.softmax(tf.tensor2d(logits, [2, 2])).dataSync()));
    softmax.forEach((value, i) => expect(value).toBeCloseTo(probabilities[i] as number, 5));
    expect(logits).not.toEqual(probabilities);
    classifier.dispose();
    loaded.dispose();
  });

  test('a softmax in the middle stays', async () => {
    const folder = await temporaryFolder();
    const odd = sequential({ layers: [layers.dense({ units: 4, inputShape: [3], activation: 'softmax' }), layers.dense({ units: 2 })] });
    await saved(odd, folder);
    const loaded = await load(folder);
    expect(logitsOf(loaded)).toEqual(logitsOf(odd));
    odd.dispose();
    loaded.dispose();
  });
});

describe('graph models', () => {
  const [a, b] = x as [[number, number, number], [number, number, number]];
  const { kernel, bias } = graphWeights;
  const expected = [a, b].flatMap((row) => [0, 1].map((c) => row.reduce((sum, value, i) => sum + value * (kernel[i * 2 + c] as number), bias[c] as number)));

  test.each([[[]], [['Identity']], [['Softmax']], [['Softmax', 'Identity']]])('load from several weight files, ending with %j', async (ending) => {
    const folder = await temporaryFolder();
    await writeGraphModel(folder, { ending });
    await expectNoLeakedTensors(async () => {
      const loaded = await load(folder);
      expect(logitsOf(loaded)).toEqual(expected);
      loaded.dispose();
    });
  });

  test('are saved as they were loaded', async () => {
    const folder = await temporaryFolder();
    await writeGraphModel(folder, { ending: ['Softmax'] });
    const loaded = (await load(folder)) as GraphModel;
    await saveNetwork({ ...asNetwork(loaded as never), model: loaded }, join(folder, 'again'));
    expect(await readJson(join(folder, 'again', 'model.json'))).toMatchObject({ format: 'graph-model', weightsManifest: [{ paths: ['weights.bin'] }] });
    const again = await load(join(folder, 'again'));
    expect(logitsOf(again)).toEqual(expected);
    loaded.dispose();
    again.dispose();
  });

  test('with a shard missing or cut off', async () => {
    const folder = await temporaryFolder();
    await writeGraphModel(folder);
    await truncate(join(folder, 'group1-shard2of2.bin'), 3);
    expect(await failure(folder)).toMatchObject({ message: expect.stringContaining('are cut off: 21 bytes, expected 32') });
  });
});
