import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-node';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removedEnding } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../../testing/failure.js';
import { load, logitsOf } from '../../testing/networks.js';
import { readJson, temporaryFolder } from '../../../../../fixtures/temporary.js';

// Made by Keras 3.15 and tensorflowjs_converter 4.22 from its `.h5` files, those named …-keras and `nested` from its `.keras` files.
const files = join(import.meta.dirname, '..', '..', 'testing', 'keras3');
const expectedOf = (name: string) =>
  readJson(join(files, name, 'expected.json')) as Promise<{ shape: number[]; inputs: number[]; outputs: number[] }>;

describe('models converted from Keras 3', () => {
  test.each([
    'sequential',
    'sequential-keras',
    'functional',
    'nested',
    'same-names',
    'operators',
    'recurrent',
    'recurrent-keras',
    'built-late',
  ])('the model %s gives the outputs of Keras', async (name) => {
    const { shape, inputs, outputs } = await expectedOf(name);
    await expectNoLeakedTensors(async () => {
      const model = await load(join(files, name));
      const logits = logitsOf(model, inputs, shape);
      const got =
        removedEnding(model) === 'softmax' ? tf.tidy(() => [...tf.softmax(tf.tensor(logits, [shape[0] as number, 3])).dataSync()]) : logits;
      expect(got).toHaveLength(outputs.length);
      got.forEach((value, i) => expect(value).toBeCloseTo(outputs[i] as number, 4));
      model.dispose();
    });
  });

  test('a model from Keras 3 keeps the penalty of a layer', async () => {
    const model = (await load(join(files, 'functional'))) as LayersModel;
    expect(JSON.stringify(model.toJSON(undefined, false))).toMatch(
      /"kernel_regularizer":\{"class_name":"L1L2","config":\{"l1":0,"l2":0.001/,
    );
  });

  test.each<[string, string, string, string]>([
    ['a layer that tfjs lacks', '', '', 'the layer "mha" is a MultiHeadAttention, which TensorFlow.js does not have'],
    ['a layer within a model', '"class_name":"MultiHeadAttention"', '"class_name":"Masking"', 'the layer "inside/norm" is a Normalization'],
  ])('a model from Keras 3 is refused with the place of %s', async (_, from, to, message) => {
    expect(await failureOf(load(await changed('attention', from, to)))).toMatchObject({
      code: 'model/invalid',
      fault: 'user',
      message: expect.stringContaining(message),
      hint: expect.stringContaining('model.export("folder")'),
    });
  });

  test.each<[string, string, string]>([
    ['"groups":1', '"groups":2', 'the layer "conv2d" is a convolution in 2 groups'],
    ['"activation":"gelu"', '"activation":"hard_sigmoid"', 'has the activation "hard_sigmoid", whose formula differs'],
    ['"activation":"gelu"', '"activation":"glu"', 'has the activation "glu", which TensorFlow.js does not have'],
    [
      '"name":"sequential/dense/kernel"',
      '"name":"sequential/other/kernel"',
      'the layer "dense" has weights of the shapes [12, 5], [5], the file holds [5] for it',
    ],
  ])('a model from Keras 3 is refused when %s becomes %s', async (from, to, message) => {
    await expectNoLeakedTensors(async () => {
      expect(await failureOf(load(await changed('sequential', from, to)))).toMatchObject({
        code: 'model/invalid',
        message: expect.stringContaining(message),
      });
    });
  });
});

/** A copy of a file with a text in its model.json replaced. */
async function changed(name: string, from: string, to: string): Promise<string> {
  const folder = await temporaryFolder();
  await cp(join(files, name), folder, { recursive: true });
  const file = join(folder, 'model.json');
  const text = await readFile(file, 'utf8');
  expect(text).toContain(from);
  await writeFile(file, text.replace(from, to));
  return folder;
}
