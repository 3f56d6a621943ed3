import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-node';
import { type LayersModel } from '@tensorflow/tfjs-layers';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectNoLeakedTensors } from '@temper/testing';
import { cnn, resnet } from '@temper/models';
import { describe, expect, test } from 'vitest';
import { load, logitsOf, networkFrom, smallNetwork } from '../testing/networks.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { networkLoader } from './network-loader.js';
import { saveNetwork } from './save-network.js';
import { failureOfLoad } from '../testing/failure-of-load.js';

describe('saved layers models', () => {
  test.each([
    ['mlp', () => smallNetwork(3).model, [3]],
    ['cnn', () => cnn({ channels: [2], dense: [3] })({ inputShape: [4, 4], classes: 2, seed: 1, name: 'n' }), [4, 4]],
    ['resnet', () => resnet({ widths: [2, 3] })({ inputShape: [4, 4, 2], classes: 2, seed: 1, name: 'n' }), [4, 4, 2]],
  ])('a saved %s has the same weights and logits and leaks no tensor', async (_, make, shape) => {
    const folder = join(await temporaryFolder(), 'teacher');
    await expectNoLeakedTensors(async () => {
      const original = make();
      const values = Array.from({ length: 2 * shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i));
      await saveNetwork(networkFrom(original), folder);
      const loaded = await load(folder);
      expect(logitsOf(loaded, values, [2, ...shape])).toEqual(logitsOf(original, values, [2, ...shape]));
      expect((loaded as LayersModel).weights.map(({ originalName }) => originalName)).toEqual(
        original.weights.map(({ originalName }) => originalName),
      );
      original.dispose();
      loaded.dispose();
    });
  });

  test('the same weights are saved as the same bytes', async () => {
    const folder = await temporaryFolder();
    for (const name of ['a', 'b']) {
      const network = smallNetwork(9);
      await saveNetwork(network, join(folder, name));
      network.dispose();
    }
    expect(await readFile(join(folder, 'a', 'weights.bin'))).toEqual(await readFile(join(folder, 'b', 'weights.bin')));
    expect(await readFile(join(folder, 'a', 'model.json'))).toEqual(await readFile(join(folder, 'b', 'model.json')));
  });

  test('a network saved on one backend loads on another', async () => {
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

describe('paths of networks', () => {
  test("a path is a file, its folder, a run, the name of a run or a run's network", async () => {
    const root = await temporaryFolder();
    const runs = join(root, 'runs');
    for (const [name, seed] of [
      ['student', 1],
      ['teacher', 2],
    ] as const) {
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
    for (const path of [join(runs, 'first'), 'first', 'first/student', 'first/student/model.json'])
      expect(await logits(path)).toEqual(student);
    expect(await logits('first/teacher')).toEqual(teacher);
  });

  test('a missing path names both places and the nearest run', async () => {
    const runs = join(await temporaryFolder(), 'runs');
    await mkdir(join(runs, 'digits-1'), { recursive: true });
    expect(await failureOfLoad('digit-1', runs)).toMatchObject({
      code: 'data/not-found',
      fault: 'user',
      message: expect.stringContaining(`there is no model at digit-1 or ${join(runs, 'digit-1')}`),
      hint: 'Did you mean the run "digits-1"?',
    });
    expect(await failureOfLoad('/no/such/model.json')).toMatchObject({
      code: 'data/not-found',
      hint: expect.stringContaining('Give a model.json'),
    });
  });

  test('a run that has not ended is refused as a path', async () => {
    const runs = await temporaryFolder();
    await mkdir(join(runs, 'a'));
    for (const name of ['config.json', 'metrics.jsonl']) await writeFile(join(runs, 'a', name), '');
    expect(await failureOfLoad('a', runs)).toMatchObject({
      code: 'model/invalid',
      message: expect.stringContaining('holds no model.json yet: the run has not saved its student'),
    });
  });

  test.each([
    ['teacher.h5', 'a Keras file', '--input_format=keras FILE'],
    ['teacher.keras', 'a Keras file', '--input_format=keras_keras FILE'],
    ['net.onnx', 'an ONNX file', 'tensorflowjs_converter does not read ONNX. onnx2tf -i FILE'],
    ['net.pt', 'a PyTorch file', 'torch.onnx.export'],
    ['net.tflite', 'a TensorFlow Lite file', 'Use the original network'],
    ['frozen.pb', 'a frozen TensorFlow graph', '--input_format=tf_frozen_model'],
  ])('%s is refused as %s with a hint on how to use it', async (name, what, hint) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, name), 'x');
    expect(await failureOfLoad(join(folder, name))).toMatchObject({
      code: 'model/invalid',
      message: expect.stringContaining(`${name} is ${what}, which Temper does not read`),
      hint: expect.stringContaining(hint),
    });
    expect(await failureOfLoad(folder)).toMatchObject({
      message: expect.stringContaining(`holds no model.json, but ${name}`),
      hint: expect.stringContaining(hint),
    });
  });

  test('an empty folder is refused', async () => {
    expect(await failureOfLoad(await temporaryFolder())).toMatchObject({ message: expect.stringMatching(/holds no model\.json\n/) });
  });

  test('a path is looked up in the folder of the config, then the working folder', async () => {
    const root = await temporaryFolder();
    const network = smallNetwork(4);
    await saveNetwork(network, join(root, 'models', 'teacher'));
    const found = (await networkLoader({ folders: [join(root, 'nothing'), join(root, 'models')] }).load('teacher')) as LayersModel;
    expect(logitsOf(found)).toEqual(logitsOf(network.model));
    network.dispose();
    found.dispose();
  });
});
