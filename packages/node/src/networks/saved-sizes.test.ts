import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { failureOf } from '../testing/failure.js';
import { load, logitsOf, smallNetwork } from '../testing/networks.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { saveNetwork } from './save-network.js';

/** How many weights were made by an initializer that a file names. */
let made = 0;

class CountedInitializer extends tf.serialization.Serializable {
  static readonly className = 'CountedInitializer';
  apply(shape: number[]): tf.Tensor {
    made += 1;
    return tf.ones(shape);
  }
  getConfig(): tf.serialization.ConfigDict {
    return {};
  }
}
tf.serialization.registerClass(CountedInitializer);

beforeEach(() => {
  made = 0;
});

/** A saved network whose model.json states another number of units, and is changed in another way too. */
async function savedWith(units: number, change = (text: string): string => text): Promise<string> {
  await tf.setBackend('cpu');
  const folder = join(await temporaryFolder(), 'model');
  const network = smallNetwork();
  await saveNetwork(network, folder);
  network.dispose();
  const path = join(folder, 'model.json');
  const text = await readFile(path, 'utf8');
  await writeFile(path, change(text.replace('"units":4', `"units":${units}`)));
  await rm(join(folder, 'SHA256SUMS'));
  return path;
}

/** The same, whose initializers are counted. */
const countedWith = (units: number): Promise<string> =>
  savedWith(units, (text) => {
    const changed = text.replaceAll(
      /_initializer":\{"class_name":"\w+","config":\{[^}]*\}/g,
      '_initializer":{"class_name":"CountedInitializer","config":{}',
    );
    expect(changed).toContain('CountedInitializer');
    return changed;
  });

test('tfjs without temper runs the initializers of a model.json', async () => {
  const { modelTopology } = JSON.parse(await readFile(await countedWith(4), 'utf8')) as { modelTopology: object };
  const model = await tfl.models.modelFromJSON(modelTopology as never);
  expect(made).toBe(model.weights.length);
  model.dispose();
});

test.each([5, 3e7, 1e9, 1e15])('a model.json that states %d units for weights of 4 runs no initializer', async (units) => {
  expect(await failureOf(load(await countedWith(units)))).toMatchObject({ code: 'model/invalid', fault: 'user' });
  expect(made).toBe(0);
});

test('a model with the stated sizes keeps its weights and runs no initializer', async () => {
  const path = await countedWith(4);
  const network = smallNetwork();
  const model = await load(path);
  expect(logitsOf(model)).toEqual(logitsOf(network.model));
  expect(made).toBe(0);
  model.dispose();
  network.dispose();
});

test.each([5, 3e7, 1e9, 1e15])('a model.json that states %d units for weights of 4 draws no random numbers', async (units) => {
  const started = process.cpuUsage();
  expect(await failureOf(load(await savedWith(units)))).toMatchObject({ code: 'model/invalid', fault: 'user' });
  // Ninety million random numbers take many seconds; this is no measure of speed but of whether they were made.
  expect(process.cpuUsage(started).user).toBeLessThan(5_000_000);
});

test('a model with the stated sizes keeps its weights', async () => {
  const path = await savedWith(4);
  const network = smallNetwork();
  const model = await load(path);
  expect(logitsOf(model)).toEqual(logitsOf(network.model));
  model.dispose();
  network.dispose();
});
