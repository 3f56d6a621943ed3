import '@tensorflow/tfjs-node';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect, test } from 'vitest';
import { smallNetwork } from '../testing/networks.js';
import { failureOf } from '../testing/failure.js';
import { readJson, temporaryFolder } from '../../../../fixtures/temporary.js';
import { runStore } from './run-store.js';
import { linesOf } from '../testing/lines-of.js';

describe('a run folder', () => {
  test.runIf(process.platform === 'linux')('a path below /proc that refuses folders is an error instead of endless retries', async () => {
    expect(await failureOf(runStore({ root: '/proc/there/runs', name: 'first' }).open({}))).toMatchObject({
      code: 'environment/files',
      fault: 'user',
    });
  });

  test('a run folder keeps config, metrics, networks and summary', async () => {
    const root = join(await temporaryFolder(), 'deep', 'runs');
    const store = runStore({ root, name: 'first' });
    await store.open({ seed: 3, temperature: { type: 'linear', from: 20, to: 1 } });
    await store.append({ step: 1, loss: 0.5 });
    await store.append({ step: 2, loss: 0.25 });
    await expectNoLeakedTensors(async () => {
      const network = smallNetwork();
      await store.saveNetwork('student', network);
      network.dispose();
    });
    await store.finish({ test: { accuracy: 0.9 } });

    const folder = join(root, 'first');
    expect(store.location).toBe(folder);
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'metrics.jsonl', 'run.json', 'student', 'summary.json']);
    expect(await readJson(join(folder, 'config.json'))).toEqual({ seed: 3, temperature: { type: 'linear', from: 20, to: 1 } });
    expect(await linesOf(join(folder, 'metrics.jsonl'))).toEqual([
      { step: 1, loss: 0.5 },
      { step: 2, loss: 0.25 },
    ]);
    expect((await readdir(join(folder, 'student'))).sort()).toEqual(['SHA256SUMS', 'model.json', 'weights.bin']);
    expect(await readJson(join(folder, 'summary.json'))).toEqual({ test: { accuracy: 0.9 } });
  });

  test('the networks of a run folder are read by tfjs with the same weights', async () => {
    const root = await temporaryFolder();
    const store = runStore({ root, name: 'a' });
    await store.open({});
    const network = smallNetwork(5);
    await store.saveNetwork('student', network);
    const loaded = await loadLayersModel(`file://${join(root, 'a', 'student', 'model.json')}`);
    const x = tf.tensor2d([[1, -2, 3]]);
    const [expected, got] = [network.model, loaded].map((model) => tf.tidy(() => Array.from((model.apply(x) as tf.Tensor).dataSync())));
    expect(got).toEqual(expected);
    network.dispose();
    loaded.dispose();
    x.dispose();
  });

  test('creating a store touches no file', async () => {
    const folder = await temporaryFolder();
    expect(runStore({ root: join(folder, 'runs'), name: 'a' }).location).toBe(join(folder, 'runs', 'a'));
    expect(await readdir(folder)).toEqual([]);
  });

  test('a metric that is not a number is written as null, and the line stays JSON', async () => {
    const root = await temporaryFolder();
    const store = runStore({ root, name: 'a' });
    await store.open({});
    await store.append({ loss: Number.NaN, text: 'line\nbreak' });
    expect(await linesOf(join(root, 'a', 'metrics.jsonl'))).toEqual([{ loss: null, text: 'line\nbreak' }]);
  });

  test('concurrent lines keep their order', async () => {
    const root = await temporaryFolder();
    const store = runStore({ root, name: 'a' });
    await store.open({});
    await Promise.all(Array.from({ length: 200 }, (_, step) => store.append({ step })));
    expect(await linesOf(join(root, 'a', 'metrics.jsonl'))).toEqual(Array.from({ length: 200 }, (_, step) => ({ step })));
  });

  test('saving a network again replaces the older one', async () => {
    const root = await temporaryFolder();
    const store = runStore({ root, name: 'a' });
    await store.open({});
    const weights: Buffer[] = [];
    for (const seed of [1, 2]) {
      const network = smallNetwork(seed);
      await store.saveNetwork('student', network);
      weights.push(await readFile(join(root, 'a', 'student', 'weights.bin')));
      network.dispose();
    }
    expect(weights[0]).not.toEqual(weights[1]);
    expect((await readdir(join(root, 'a'))).filter((name) => !name.startsWith('lock')).sort()).toEqual([
      'config.json',
      'metrics.jsonl',
      'run.json',
      'student',
    ]);
  });
});
