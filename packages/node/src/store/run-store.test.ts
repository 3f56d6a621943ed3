import '@tensorflow/tfjs-node';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect, test } from 'vitest';
import { bundle, ended, start, startLimited } from '../../../../fixtures/child.js';
import { smallNetwork } from '../testing/networks.js';
import { failureOf } from '../testing/failure.js';
import { readJson, temporaryFolder } from '../../../../fixtures/temporary.js';
import { runStore } from './run-store.js';

const linesOf = async (path: string): Promise<unknown[]> =>
  (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

describe('a run folder', () => {
  test.runIf(process.platform === 'linux')(
    'a place that refuses folders as if it were not there is an error, not an endless try',
    async () => {
      expect(await failureOf(runStore({ root: '/proc/there/runs', name: 'first' }).open({}))).toMatchObject({
        code: 'environment/files',
        fault: 'user',
      });
    },
  );

  test('keeps config, metrics, networks and summary', async () => {
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

  test('its networks are read by tfjs itself, with the same weights', async () => {
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

  test('making a store touches no file', async () => {
    const folder = await temporaryFolder();
    expect(runStore({ root: join(folder, 'runs'), name: 'a' }).location).toBe(join(folder, 'runs', 'a'));
    expect(await readdir(folder)).toEqual([]);
  });

  test('a metric that is not a number is null, and the line stays JSON', async () => {
    const root = await temporaryFolder();
    const store = runStore({ root, name: 'a' });
    await store.open({});
    await store.append({ loss: Number.NaN, text: 'line\nbreak' });
    expect(await linesOf(join(root, 'a', 'metrics.jsonl'))).toEqual([{ loss: null, text: 'line\nbreak' }]);
  });

  test('lines asked for at once keep their order', async () => {
    const root = await temporaryFolder();
    const store = runStore({ root, name: 'a' });
    await store.open({});
    await Promise.all(Array.from({ length: 200 }, (_, step) => store.append({ step })));
    expect(await linesOf(join(root, 'a', 'metrics.jsonl'))).toEqual(Array.from({ length: 200 }, (_, step) => ({ step })));
  });

  test('a network saved again replaces the older one', async () => {
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

describe('what goes wrong with files', () => {
  test('a root that is a file', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'runs'), '');
    const error = await failureOf(runStore({ root: join(folder, 'runs'), name: 'a' }).open({}));
    expect(error).toMatchObject({
      code: 'environment/files',
      fault: 'user',
      message: expect.stringMatching(/cannot create run folder .*runs.a: .*\(E(EXIST|NOTDIR)\)/),
    });
  });

  test('a root that may not be written', async () => {
    const folder = await temporaryFolder();
    const program = await bundle(new URL('../testing/open-run.ts', import.meta.url), folder);
    const runs = join(folder, 'runs');
    await mkdir(runs);
    await chmod(folder, 0o755);
    await chmod(runs, 0o555);
    // Root may write everywhere, so there the program runs as nobody.
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const { code, stderr } = await ended(start(program, [runs, 'a'], nobody));
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({
      code: 'environment/files',
      fault: 'user',
      message: expect.stringContaining(`cannot create run folder ${join(runs, 'a')}: permission denied (EACCES)`),
    });
  });

  test('a name too long for the file system', async () => {
    const root = await temporaryFolder();
    expect(await failureOf(runStore({ root, name: 'a'.repeat(300) }).open({}))).toMatchObject({
      code: 'config/invalid',
      message: expect.stringContaining('must be of at most 100 letters'),
    });
  });

  test('a folder removed in the middle is named by everything that follows', async () => {
    const root = await temporaryFolder();
    const store = runStore({ root, name: 'a' });
    await store.open({});
    await store.append({ step: 1 });
    await rm(join(root, 'a'), { recursive: true });
    const network = smallNetwork();
    const metrics = {
      code: 'environment/files',
      fault: 'run',
      message: expect.stringContaining(`cannot write ${join(root, 'a', 'metrics.jsonl')}: there is no such file or folder`),
    };
    expect(await failureOf(store.append({ step: 2 }))).toMatchObject(metrics);
    expect(await failureOf(store.finish({}))).toMatchObject(metrics);
    network.dispose();
    expect(await readdir(root)).toEqual([]);
  });

  test('a disk that fills up in the middle leaves whole lines, and no half summary', async () => {
    const root = await temporaryFolder();
    const program = await bundle(new URL('../testing/open-run.ts', import.meta.url), root);
    const { code, stderr } = await ended(startLimited(2, program, [root, 'a', '100']));
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({
      code: 'environment/files',
      fault: 'run',
      message: expect.stringContaining(`cannot write ${join(root, 'a', 'metrics.jsonl')}: it is larger than`),
    });
    const lines = await linesOf(join(root, 'a', 'metrics.jsonl'));
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.map((line) => (line as { step: number }).step)).toEqual(lines.map((_, step) => step));

    const short = await ended(startLimited(2, program, [root, 'b', '3']));
    expect(JSON.parse(short.stderr)).toMatchObject({ message: expect.stringContaining(`cannot write ${join(root, 'b', 'summary.json')}`) });
    expect((await readdir(join(root, 'b'))).filter((name) => !name.startsWith('lock')).sort()).toEqual([
      'config.json',
      'metrics.jsonl',
      'run.json',
    ]);
  });

  test('a config that cannot be written leaves the name free', async () => {
    const root = await temporaryFolder();
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    await expect(runStore({ root, name: 'a' }).open(cyclic as never)).rejects.toThrow();
    expect(await readdir(root)).toEqual([]);
  });

  test('used before open, or opened twice', async () => {
    const root = await temporaryFolder();
    const store = runStore({ root, name: 'a' });
    expect(await failureOf(store.append({}))).toMatchObject({ code: 'run/failed', hint: expect.stringContaining('open(config)') });
    await store.open({});
    expect(await failureOf(store.open({}))).toMatchObject({ code: 'run/failed' });
  });
});
