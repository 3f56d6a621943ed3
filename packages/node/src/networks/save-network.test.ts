import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-node';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Network } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { expect, test } from 'vitest';
import { decodeSafetensors } from '../checkpoints/safetensors.js';
import { smallNetwork } from '../testing/networks.js';
import { readJson, temporaryFolder } from '../../../../fixtures/temporary.js';
import { saveNetwork } from './save-network.js';

test('the variables of a plain function are saved as safetensors', async () => {
  const folder = join(await temporaryFolder(), 'student');
  await expectNoLeakedTensors(async () => {
    const [kernel, mean] = tf.tidy(
      () =>
        [
          tf.variable(
            tf.tensor2d([
              [1, 2],
              [3, 4],
            ]),
            true,
            'own/kernel',
          ),
          tf.variable(tf.tensor1d([5]), false, 'own/mean'),
        ] as const,
    );
    const network: Network = {
      name: 'student',
      logits: (inputs) => tf.matMul(inputs, kernel),
      parameters: [kernel],
      buffers: [mean],
      dispose: () => undefined,
    };
    await saveNetwork(network, folder);
    kernel.dispose();
    mean.dispose();
  });
  const { arrays } = decodeSafetensors(await readFile(join(folder, 'weights.safetensors')));
  expect(arrays).toEqual({
    'own/kernel': { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
    'own/mean': { dtype: 'float32', shape: [1], data: Float32Array.of(5) },
  });
  expect(await readJson(join(folder, 'network.json'))).toMatchObject({ parameters: ['own/kernel'], buffers: ['own/mean'] });
});

test('a failed save leaves the older network and no temporary files', async () => {
  const root = await temporaryFolder();
  await writeFile(join(root, 'file'), '');
  const network = smallNetwork();
  await expect(saveNetwork(network, join(root, 'file', 'student'))).rejects.toMatchObject({
    code: 'environment/files',
    fault: 'run',
    message: expect.stringContaining(join(root, 'file', 'student')),
  });
  await expect(saveNetwork(network, join(root, 'file'))).rejects.toMatchObject({ code: 'environment/files' });
  network.dispose();
  expect(await readdir(root)).toEqual(['file']);
});

test('readers never see an incomplete network during a replacement', async () => {
  const folder = join(await temporaryFolder(), 'student');
  const networks = [smallNetwork(1), smallNetwork(2)] as const;
  await saveNetwork(networks[0], folder);
  const whole = (await readFile(join(folder, 'weights.bin'))).length;
  let writing = true;
  const writer = (async () => {
    for (let i = 0; i < 30; i++) await saveNetwork(networks[i % 2] as Network, folder);
    writing = false;
  })();
  let seen = 0;
  while (writing) {
    const bytes = await readFile(join(folder, 'weights.bin')).catch(() => undefined);
    if (bytes !== undefined) seen += Number(bytes.length === whole) || Number.NaN;
  }
  await writer;
  expect(seen).toBeGreaterThan(0);
  expect(await readdir(join(folder, '..'))).toEqual(['student']);
  for (const network of networks) network.dispose();
});

test('an empty folder at the target is filled', async () => {
  const folder = join(await temporaryFolder(), 'student');
  await mkdir(folder);
  const network = smallNetwork();
  await saveNetwork(network, folder);
  network.dispose();
  expect((await readdir(folder)).sort()).toEqual(['SHA256SUMS', 'model.json', 'weights.bin']);
});
