import '@tensorflow/tfjs-node';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundle, ended, start } from '../../../../fixtures/child.js';
import { failureOf } from '../testing/failure.js';
import { smallNetwork } from '../testing/networks.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { createRunFolder } from './run-folder.js';
import { runStore } from './run-store.js';
import { unfinishedName } from './unfinished.js';

describe('names of run folders', () => {
  test('a name that exists is refused with the first free name', async () => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'a'));
    await mkdir(join(root, 'a-2'));
    await writeFile(join(root, 'a', 'precious'), '');
    const error = await failureOf(runStore({ root, name: 'a' }).open({}));
    expect(error).toMatchObject({
      code: 'run/exists',
      fault: 'user',
      path: ['name'],
      message: expect.stringContaining(`${join(root, 'a')} already exists`),
      hint: expect.stringContaining('"a-3"'),
    });
    expect(await failureOf(runStore({ root, name: 'a-2' }).open({}))).toMatchObject({ hint: expect.stringContaining('"a-3"') });
    expect(await readdir(join(root, 'a'))).toEqual(['precious']);
  });

  test('a run folder appears complete with its config or not at all', async () => {
    const root = await temporaryFolder();
    const results = await Promise.allSettled(['a', 'a', undefined].map((name) => createRunFolder(root, name, { 'config.json': '{}' })));
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect((await readdir(root)).sort()).toEqual(['a', 'distil-1']);
    expect(await readdir(join(root, 'a'))).toEqual(['config.json']);
  });

  test('a run without a name gets the next number', async () => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'distil-7'));
    await mkdir(join(root, 'distil-x'));
    const stores = [runStore({ root }), runStore({ root })];
    for (const store of stores) await store.open({});
    expect(stores.map(({ location }) => location)).toEqual([join(root, 'distil-8'), join(root, 'distil-9')]);
  });

  test('one of many concurrent requests for a name gets it', async () => {
    const root = await temporaryFolder();
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => runStore({ root, name: 'a' }).open({})));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(results.flatMap((result) => (result.status === 'rejected' ? [(result.reason as { code: string }).code] : []))).toEqual(
      Array(19).fill('run/exists'),
    );
    expect((await readdir(join(root, 'a'))).filter((name) => !name.startsWith('lock')).sort()).toEqual([
      'config.json',
      'metrics.jsonl',
      'run.json',
    ]);
  });

  test('concurrent processes get different names, and one gets a given name', async () => {
    const root = await temporaryFolder();
    const program = await bundle(new URL('../testing/open-run.ts', import.meta.url), root);
    const runs = join(root, 'runs');
    const [unnamed, named] = await Promise.all(
      ['', 'same'].map((name) => Promise.all(Array.from({ length: 4 }, () => ended(start(program, [runs, name]))))),
    );
    expect(new Set(unnamed?.map(({ stdout }) => stdout)).size).toBe(4);
    expect(named?.map(({ code }) => code).sort()).toEqual([0, 1, 1, 1]);
  });

  test('a process killed while it starts a run leaves nothing that is not cleaned up', async () => {
    const root = await temporaryFolder();
    const program = await bundle(new URL('../testing/open-run.ts', import.meta.url), root);
    const runs = join(root, 'runs');
    const leftOver = async (): Promise<string[]> => (await readdir(runs).catch((): string[] => [])).filter((name) => name.startsWith('.'));
    let most = 0;
    for (let at = 1; ; at++) {
      const { signal } = await ended(start(program, [runs, '', '0', String(at)]));
      if (signal === null) break;
      const left = (await leftOver()).length;
      // One killed before it reaches the cleaning leaves the one before it; never does more than one stay behind each.
      most = Math.max(most, left);
      expect(left).toBeLessThanOrEqual(1);
    }
    expect(most).toBe(1);
    await runStore({ root: runs }).open({});
    expect(await leftOver()).toEqual([]);
  });

  test('unfinished folders of dead processes are removed, and others are kept', async () => {
    const root = await temporaryFolder();
    const mine = await unfinishedName();
    const [, pid, started] = /-(\d+)-(\d*)-/.exec(mine) as unknown as [string, string, string];
    const elsewhere = mine.replace(/-[\da-f]+\.tmp$/, '-abcdef.tmp').replace(`-${pid}-`, '-1-');
    // Its number is taken by another process since.
    const dead = mine.replace(`-${pid}-${started}-`, `-${pid}-0-`);
    for (const name of [mine, elsewhere, dead]) await mkdir(join(root, name));
    const store = runStore({ root, name: 'a' });
    await store.open({});
    await store.release();
    expect((await readdir(root)).sort()).toEqual([mine, elsewhere, 'a'].sort());
    await mkdir(join(root, dead));
    await runStore({ root, name: 'a' }).reopen();
    expect((await readdir(root)).sort()).toEqual([mine, elsewhere, 'a'].sort());
  });

  test.each(['../a', 'a/b', '..', '.', '', '.hidden', 'a\\b', 'a b', 'a\0b', '/etc', 'ä'])('the name %j is refused', async (name) => {
    const root = await temporaryFolder();
    expect(await failureOf(runStore({ root, name }).open({}))).toMatchObject({ code: 'config/invalid', path: ['name'], fault: 'user' });
    const store = runStore({ root, name: 'fine' });
    await store.open({});
    const network = smallNetwork();
    expect(await failureOf(store.saveNetwork(name, network))).toMatchObject({ code: 'config/invalid' });
    network.dispose();
    expect(await readdir(root)).toEqual(['fine']);
  });
});
