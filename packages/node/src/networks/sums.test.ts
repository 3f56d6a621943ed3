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

test.each(['weights.bin', 'model.json'])('a flipped bit in %s of a saved network is detected', async (name) => {
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

test.each([
  ['', 'is empty'],
  ['# sums\n\n', 'is empty'],
  ['nonsense', 'line 1 is not a checksum'],
  ['\0\0\0\0', 'line 1 is not a checksum'],
])('a network whose file of sums reads %j is refused', async (text, message) => {
  const folder = await saved();
  await writeFile(join(folder, 'SHA256SUMS'), text);
  expect(await failureOf(load(folder))).toMatchObject({ code: 'model/invalid', message: expect.stringContaining(message) });
});

test('a network whose file of sums is truncated within a line is refused', async () => {
  const folder = await saved();
  const sums = await readFile(join(folder, 'SHA256SUMS'), 'utf8');
  await writeFile(join(folder, 'SHA256SUMS'), sums.slice(0, 100));
  expect(await failureOf(load(folder))).toMatchObject({ message: expect.stringContaining('line 2 is not a checksum') });
});

test('sums of other programs are read in all their formats', async () => {
  const folder = await saved();
  const [sum] = (await readFile(join(folder, 'SHA256SUMS'), 'utf8')).split('\n').filter((line) => line.endsWith('weights.bin'));
  const hash = (sum as string).slice(0, 64);
  const wrong = hash.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
  for (const line of [(one: string) => `# by hand\n${one} *weights.bin`, (one: string) => `SHA256 (weights.bin) = ${one.toUpperCase()}`]) {
    await writeFile(join(folder, 'SHA256SUMS'), `${line(hash)}\r\n`);
    (await load(folder)).dispose();
    await writeFile(join(folder, 'SHA256SUMS'), line(wrong));
    expect(await failureOf(load(folder))).toMatchObject({ message: expect.stringContaining('does not have the checksum') });
  }
});

test('a network without sums is loaded unchecked', async () => {
  const folder = await saved();
  if (process.platform === 'linux') execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: folder });
  (await load(folder)).dispose();
  await rm(join(folder, 'SHA256SUMS'));
  (await load(folder)).dispose();
});

test('a network with values that are not finite is not saved', async () => {
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
