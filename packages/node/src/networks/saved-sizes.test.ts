import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { failureOf } from '../testing/failure.js';
import { load, logitsOf, smallNetwork } from '../testing/networks.js';
import { temporaryFolder } from '../testing/temporary.js';
import { saveNetwork } from './save-network.js';

/** A saved network whose model.json states another number of units. */
async function savedWith(units: number): Promise<string> {
  await tf.setBackend('cpu');
  const folder = join(await temporaryFolder(), 'model');
  const network = smallNetwork();
  await saveNetwork(network, folder);
  network.dispose();
  const path = join(folder, 'model.json');
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('"units":4', `"units":${units}`));
  await rm(join(folder, 'SHA256SUMS'));
  return path;
}

test.each([5, 3e7, 1e9, 1e15])('a model.json that states %d units for weights of 4 is refused before random numbers are drawn', async (units) => {
  const started = process.cpuUsage();
  expect(await failureOf(load(await savedWith(units)))).toMatchObject({ code: 'model/invalid', fault: 'user' });
  // Ninety million random numbers take many seconds; this is no measure of speed but of whether they were made.
  expect(process.cpuUsage(started).user).toBeLessThan(5_000_000);
});

test('a model keeps its weights', async () => {
  const path = await savedWith(4);
  const network = smallNetwork();
  const model = await load(path);
  expect(logitsOf(model)).toEqual(logitsOf(network.model));
  model.dispose();
  network.dispose();
});
