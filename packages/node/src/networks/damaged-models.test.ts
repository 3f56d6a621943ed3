import '@tensorflow/tfjs-node';
import { cp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../testing/failure.js';
import { writeGraphModel } from '../testing/graph-model.js';
import { load, smallNetwork } from '../testing/networks.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { saveNetwork } from './save-network.js';

const failureOfLoad = (path: string, runs?: string): Promise<unknown> => failureOf(load(path, runs));

describe('damaged models', () => {
  test.each([
    ['', 'is not JSON, it is empty'],
    ['{"modelTopology":{"class_na', 'is not JSON, or is cut off'],
    ['null', 'it has no modelTopology'],
    ['[1]', 'it has no modelTopology'],
    ['{"name":"package"}', 'it has no modelTopology'],
    ['{"modelTopology":{}}', 'has no weightsManifest'],
    ['{"modelTopology":{"class_name":"Sequential","config":{}},"weightsManifest":[]}', 'is not a model that TensorFlow.js can load'],
    ['{"modelTopology":[],"weightsManifest":[]}', 'is not a TensorFlow.js model: modelTopology'],
    ['{"modelTopology":{"node":[null]},"weightsManifest":[]}', 'is not a TensorFlow.js model: modelTopology'],
    ['{"modelTopology":{"node":[{"name":1,"op":"Softmax"}]},"weightsManifest":[]}', 'is not a TensorFlow.js model: modelTopology'],
    [
      '{"modelTopology":{"node":[{"name":"a","op":"Softmax","input":"b"}]},"weightsManifest":[]}',
      'is not a TensorFlow.js model: modelTopology',
    ],
    ['{"modelTopology":{"class_name":7,"config":{}},"weightsManifest":[]}', 'is not a TensorFlow.js model: modelTopology'],
    ['{"modelTopology":{"class_name":"Model","config":[null]},"weightsManifest":[]}', 'is not a TensorFlow.js model: modelTopology'],
    ['{"modelTopology":{"model_config":3},"weightsManifest":[]}', 'is not a TensorFlow.js model: modelTopology'],
    ['{"modelTopology":{},"weightsManifest":[null]}', 'is not a TensorFlow.js model: weightsManifest.0'],
    ['{"modelTopology":{},"weightsManifest":[{}]}', 'is not a TensorFlow.js model: weightsManifest.0.paths'],
    ['{"modelTopology":{},"weightsManifest":[{"paths":"w","weights":[]}]}', 'is not a TensorFlow.js model: weightsManifest.0.paths'],
    ['{"modelTopology":{},"weightsManifest":[{"paths":[""],"weights":[]}]}', 'is not a TensorFlow.js model: weightsManifest.0.paths.0'],
    [
      '{"modelTopology":{},"weightsManifest":[{"paths":[],"weights":[{"name":"a","shape":[-1],"dtype":"float32"}]}]}',
      'weightsManifest.0.weights.0.shape.0',
    ],
    [
      '{"modelTopology":{},"weightsManifest":[{"paths":[],"weights":[{"name":"a","shape":[1.5],"dtype":"float32"}]}]}',
      'weightsManifest.0.weights.0.shape.0',
    ],
    [
      '{"modelTopology":{},"weightsManifest":[{"paths":[],"weights":[{"name":"a","shape":[1e15,1e15],"dtype":"float32"}]}]}',
      'cut off: 0 bytes',
    ],
    [
      '{"modelTopology":{},"weightsManifest":[{"paths":[],"weights":[{"name":"a","shape":[1],"dtype":"float99"}]}]}',
      'weightsManifest.0.weights.0.dtype',
    ],
    [
      '{"modelTopology":{},"weightsManifest":[{"paths":[],"weights":[{"name":"a","shape":[1],"dtype":"float32","quantization":1}]}]}',
      'weightsManifest.0.weights.0.quantization',
    ],
    ['{"modelTopology":{"node":[]},"weightsManifest":[],"format":"graph-model","signature":{"outputs":7}}', 'signature.outputs'],
    ['{"modelTopology":{"node":[]},"weightsManifest":[],"format":"graph-model","signature":{"outputs":{"a":null}}}', 'signature.outputs'],
    ['{"modelTopology":{},"weightsManifest":[{"paths":["../../secret"],"weights":[]}]}', 'names weights outside of its folder'],
  ])('model.json with %j is refused', async (text, message) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'model.json'), text);
    expect(await failureOfLoad(folder)).toMatchObject({
      code: 'model/invalid',
      fault: 'user',
      message: expect.stringContaining(message),
      hint: expect.any(String),
    });
  });

  test('weights that are truncated, too long or missing are refused', async () => {
    const folder = await temporaryFolder();
    const network = smallNetwork();
    await saveNetwork(network, folder);
    network.dispose();
    const weights = join(folder, 'weights.bin');
    const bytes = await readFile(weights);
    await expectNoLeakedTensors(async () => {
      await truncate(weights, bytes.length - 1);
      expect(await failureOfLoad(folder)).toMatchObject({
        code: 'model/invalid',
        message: expect.stringContaining(`its weights weights.bin are cut off: ${bytes.length - 1} bytes, expected ${bytes.length}`),
      });
      await writeFile(weights, Buffer.concat([bytes, Buffer.alloc(4)]));
      expect(await failureOfLoad(folder)).toMatchObject({ message: expect.stringContaining('too long') });
    });
    await rm(join(folder, 'SHA256SUMS'));
    await writeFile(join(folder, 'model.json'), (await readFile(join(folder, 'model.json'), 'utf8')).replace('weights.bin', 'weights.bim'));
    expect(await failureOfLoad(folder)).toMatchObject({
      code: 'environment/files',
      message: expect.stringContaining(`cannot read ${join(folder, 'weights.bim')}: there is no such file`),
    });
  });

  test.each([
    [
      'that names a call that is not made',
      'functional',
      '"keras_history":["input_layer",0,0]',
      '"keras_history":["input_layer",5,0]',
      'takes its input from call 6 of the layer "input_layer"',
    ],
    ['that has a circle', 'functional', '"keras_history":["activation",0,0]', '"keras_history":["add",0,0]', 'the layers form a circle'],
  ])('a model of Keras 3 %s is refused and leaves no tensor', async (_, name, from, to, message) => {
    const folder = await temporaryFolder();
    await cp(join(import.meta.dirname, '..', 'testing', 'keras3', name), folder, { recursive: true });
    const file = join(folder, 'model.json');
    const text = await readFile(file, 'utf8');
    expect(text).toContain(from);
    await writeFile(file, text.replaceAll(from, to));
    await expectNoLeakedTensors(async () => {
      expect(await failureOfLoad(folder)).toMatchObject({
        code: 'model/invalid',
        fault: 'user',
        message: expect.stringContaining(message),
      });
    });
  });

  test('a graph that lists a weight twice is refused and leaves no tensor', async () => {
    const folder = await temporaryFolder();
    const file = join(await writeGraphModel(join(folder, 'graph')), '..', 'model.json');
    const model = JSON.parse(await readFile(file, 'utf8')) as { weightsManifest: unknown[] };
    await writeFile(file, JSON.stringify({ ...model, weightsManifest: [...model.weightsManifest, ...model.weightsManifest] }));
    await expectNoLeakedTensors(async () => {
      expect(await failureOfLoad(file)).toMatchObject({
        code: 'model/invalid',
        message: expect.stringContaining('lists the weight "kernel" twice'),
      });
    });
  });

  test('a layer that tfjs does not have is refused', async () => {
    const folder = await temporaryFolder();
    const network = smallNetwork();
    await saveNetwork(network, folder);
    network.dispose();
    const file = join(folder, 'model.json');
    await rm(join(folder, 'SHA256SUMS'));
    await writeFile(file, (await readFile(file, 'utf8')).replace('"class_name":"Dense"', '"class_name":"SpikingDense"'));
    expect(await failureOfLoad(folder)).toMatchObject({
      code: 'model/invalid',
      message: expect.stringContaining('uses the layer "SpikingDense"'),
      hint: expect.stringContaining('registerClass(SpikingDense)'),
    });
  });
});
