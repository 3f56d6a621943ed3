import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-node';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createKit, Tokens, type DataSplits, type Network } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { describe, expect, test } from 'vitest';
import { exportSavedModel } from './export-saved-model.js';
import { nodeFiles } from '../files/node-files.js';
import { blobs } from '../../../../fixtures/blobs.js';
import { failureOf } from '../testing/failure.js';
import { readJson, temporaryFolder } from '../../../../fixtures/temporary.js';
import { networkLoader } from './network-loader.js';

const weights = (): tf.Tensor2D => tf.randomNormal([4, 3], 0, 1, 'float32', 5);
const logitsOf = (inputs: tf.Tensor): tf.Tensor => tf.matMul(inputs as tf.Tensor2D, weights());

/** A SavedModel of logits, or of what `end` makes of them. */
async function saved(end: (logits: tf.Tensor) => tf.Tensor = (logits) => logits): Promise<string> {
  const folder = join(await temporaryFolder(), 'model');
  const network: Network = {
    name: 'saved',
    parameters: [],
    buffers: [],
    logits: (inputs) => end(logitsOf(inputs)),
    dispose: () => undefined,
  };
  await exportSavedModel(network, folder, { shape: [4] });
  return folder;
}

const kit = createKit({ plugins: [losses, models] });
const loaded = async (path: string): Promise<Network> => (await networkLoader().load(path)) as Network;

async function teach(from: string, splits: DataSplits = blobs()) {
  const config = { teacher: { from }, student: { model: { type: 'mlp', hidden: [3] } }, temperature: 4, epochs: 2, batchSize: 60 } as const;
  const { student, teacher, ...rest } = await kit.run(config, {
    data: splits,
    services: (container) => void container.bind(Tokens.NetworkLoader).toConstantValue(networkLoader()),
  });
  const values = student.parameters.flatMap((one) => [...one.dataSync()]);
  student.dispose();
  teacher?.dispose();
  return { ...rest, values };
}

describe('a SavedModel', () => {
  test('a SavedModel gives the exported logits by its folder or file and leaks nothing', async () => {
    const folder = await saved();
    await expectNoLeakedTensors(async () => {
      for (const path of [folder, `${folder}/`, join(folder, 'saved_model.pb')]) {
        const network = await loaded(path);
        const [got, wanted] = tf.tidy(() => {
          const inputs = tf.randomNormal([5, 4], 0, 1, 'float32', 1);
          return [[...network.logits(inputs, { training: false }).dataSync()], [...logitsOf(inputs).dataSync()]];
        });
        got.forEach((value, i) => expect(value).toBeCloseTo(wanted[i] as number, 5));
        network.dispose();
      }
    });
  });

  test('a SavedModel of probabilities teaches through their logarithm', async () => {
    const [plain, soft] = [await teach(await saved()), await teach(await saved((logits) => tf.softmax(logits)))];
    expect(plain.warnings).toEqual([]);
    expect(soft.warnings).toEqual(['teacher.from: gives probabilities; their logarithm is used as logits']);
    soft.values.forEach((value, i) => expect(value).toBeCloseTo(plain.values[i] as number, 3));
  });

  test('a SavedModel teaches augmented samples outside of the update', async () => {
    const splits = blobs();
    const folder = await saved();
    const varying = { ...splits, train: { ...splits.train, varying: true } };
    const { values } = await teach(folder, varying);
    (await teach(folder)).values.forEach((value, i) => expect(value).toBeCloseTo(values[i] as number, 4));
  });

  test('a SavedModel is refused as a student', async () => {
    const config = {
      student: { from: await saved((logits) => tf.softmax(logits)) },
      losses: { hard: { type: 'cross-entropy' } },
      weighting: { hard: 1 },
      temperature: 1,
    } as const;
    const run = kit.run(config, {
      data: blobs(),
      services: (container) => void container.bind(Tokens.NetworkLoader).toConstantValue(networkLoader()),
    });
    expect(await failureOf(run as unknown as Promise<unknown>)).toMatchObject({
      code: 'model/invalid',
      path: ['student', 'from'],
      message: expect.stringContaining('no trainable variables'),
    });
  });

  test('a SavedModel that is damaged or not a model is refused', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'saved_model.pb'), 'x');
    expect(await failureOf(loaded(folder))).toMatchObject({
      code: 'model/invalid',
      fault: 'user',
      message: expect.stringContaining(folder),
    });
  });

  test('a SavedModel on another backend is refused with a remedy', async () => {
    const folder = await saved();
    await tf.setBackend('cpu');
    try {
      expect(await failureOf(loaded(folder))).toMatchObject({
        code: 'environment/backend',
        hint: expect.stringContaining('temper doctor'),
      });
    } finally {
      await tf.setBackend('tensorflow');
    }
  });
});

const teachers = join(import.meta.dirname, '../../../../../shared/data/teachers/mnist');
const mnist = join(teachers, '../../mnist');

/** Images 8,000 to 9,999 of the file, and their labels. */
async function lastImages(): Promise<{ images: Float32Array; labels: Uint8Array }> {
  const images = (await nodeFiles.read(join(mnist, 't10k-images-idx3-ubyte.gz'))).subarray(16 + 8000 * 784);
  return {
    images: Float32Array.from(images, (byte) => byte / 255),
    labels: (await nodeFiles.read(join(mnist, 't10k-labels-idx1-ubyte.gz'))).subarray(8 + 8000),
  };
}

test.skipIf(!existsSync(teachers))('a SavedModel of Keras 3 has its published accuracy (needs ../shared)', async () => {
  const { functional } = (await readJson(join(teachers, 'expected.json'))) as {
    functional: { testAccuracy: number; firstProbabilities: number[][] };
  };
  const network = await loaded(join(teachers, 'functional-savedmodel'));
  const { images, labels } = await lastImages();
  const probabilities = tf.tidy(() => network.logits(tf.tensor(images, [2000, 28, 28, 1]), { training: false }).arraySync() as number[][]);
  const right = probabilities.filter((row, i) => row.indexOf(Math.max(...row)) === labels[i]).length;
  expect(right / 2000).toBe(functional.testAccuracy);
  functional.firstProbabilities.flat().forEach((value, i) => expect(probabilities.flat()[i]).toBeCloseTo(value, 4));
  network.dispose();
});
