import '@tensorflow/tfjs-node';
import { execFileSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { failureOf } from '../testing/failure.js';
import { load, smallNetwork } from '../testing/networks.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { saveNetwork } from './save-network.js';

async function saved(): Promise<string> {
  const folder = await temporaryFolder();
  const network = smallNetwork();
  await saveNetwork(network, folder);
  network.dispose();
  return folder;
}

test.each(['weights.bin', 'model.json'])('a flipped bit in %s of a saved network is noticed', async (name) => {
  const folder = await saved();
  const bytes = await readFile(join(folder, name));
  const at = name === 'model.json' ? bytes.indexOf('"units":') - 3 : 5;
  bytes[at] = (bytes[at] as number) ^ 1;
  await writeFile(join(folder, name), bytes);
  expect(await failureOf(load(folder))).toMatchObject({
    code: 'model/invalid',
    message: expect.stringContaining(`${join(folder, name)} does not have the checksum it was saved with`),
    hint: expect.stringContaining(`remove ${join(folder, 'SHA256SUMS')}`),
  });
});

test('without sums a network is loaded as it is, and others can check them', async () => {
  const folder = await saved();
  if (process.platform === 'linux') execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: folder });
  (await load(folder)).dispose();
  await rm(join(folder, 'SHA256SUMS'));
  (await load(folder)).dispose();
});

test('a network that is not finite is not saved', async () => {
  const folder = await temporaryFolder();
  const network = smallNetwork();
  const [first] = network.parameters as [tf.Variable];
  const bad = tf.tidy(() => tf.mul(first, Infinity));
  first.assign(bad);
  bad.dispose();
  expect(await failureOf(saveNetwork(network, join(folder, 'student')))).toMatchObject({ code: 'run/non-finite' });
  expect(await failureOf(readFile(join(folder, 'student', 'model.json')))).toMatchObject({ code: 'ENOENT' });
  network.dispose();
});
