import '@tensorflow/tfjs-node';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundle, ended, start, startLimited } from '../../../../fixtures/child.js';
import { smallNetwork } from '../testing/networks.js';
import { failureOf } from '../testing/failure.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { runStore } from './run-store.js';
import { linesOf } from '../testing/lines-of.js';

describe('faults of the file system', () => {
  test('a root that is a file is refused', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'runs'), '');
    const error = await failureOf(runStore({ root: join(folder, 'runs'), name: 'a' }).open({}));
    expect(error).toMatchObject({
      code: 'environment/files',
      fault: 'user',
      message: expect.stringMatching(/cannot create run folder .*runs.a: .*\(E(EXIST|NOTDIR)\)/),
    });
  });

  test('a root that may not be written is refused', async () => {
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

  test('a name that is too long for the file system is refused', async () => {
    const root = await temporaryFolder();
    expect(await failureOf(runStore({ root, name: 'a'.repeat(300) }).open({}))).toMatchObject({
      code: 'config/invalid',
      message: expect.stringContaining('must be of at most 100 letters'),
    });
  });

  test('every later call names a run folder that was removed', async () => {
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

  test('a disk that fills up leaves complete lines and no partial summary', async () => {
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

  test('a store that is not open or opened twice is refused', async () => {
    const root = await temporaryFolder();
    const store = runStore({ root, name: 'a' });
    expect(await failureOf(store.append({}))).toMatchObject({ code: 'run/failed', hint: expect.stringContaining('open(config)') });
    await store.open({});
    expect(await failureOf(store.open({}))).toMatchObject({ code: 'run/failed' });
  });
});
