import '@tensorflow/tfjs-node';
import files, { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Checkpoint } from '@temper/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { begun } from '../testing/begun.js';
import { failureOf } from '../testing/failure.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { runStore } from './run-store.js';

const at = (step: number): Checkpoint => ({
  arrays: { w: { dtype: 'float32', shape: [1], data: Float32Array.of(step) } },
  state: { step },
});
const stepsIn = async (root: string): Promise<number[]> =>
  (await readFile(join(root, 'a', 'metrics.jsonl'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { step: number }).step);

describe('resuming a run', () => {
  test('resume gives the initial config and whether the run is finished', async () => {
    const root = await temporaryFolder();
    await begun(root, 2);
    const store = runStore({ root, name: 'a' });
    expect(await store.reopen()).toEqual({ config: { seed: 1 }, finished: false });
    expect(store.location).toBe(join(root, 'a'));
    expect(store.records).toBe(2);
    await store.finish({ done: true });
    const again = runStore({ root, name: 'a' });
    expect(await again.reopen()).toEqual({ config: { seed: 1 }, finished: true });
    await again.rewind({ seed: 1, epochs: 9 }, 2);
    await again.release();
    expect(await runStore({ root, name: 'a' }).reopen()).toEqual({ config: { seed: 1, epochs: 9 }, finished: false });
  });

  test('resume drops the records that will be written again', async () => {
    const root = await temporaryFolder();
    await begun(root, 5);
    const store = runStore({ root, name: 'a' });
    await store.reopen();
    await store.rewind({ seed: 1 }, 3);
    expect(store.records).toBe(3);
    await store.append({ step: 40 });
    expect(await stepsIn(root)).toEqual([1, 2, 3, 40]);
    await store.rewind({ seed: 1 }, 0);
    await store.append({ step: 7 });
    expect(await stepsIn(root)).toEqual([7]);
  });

  test('resume drops a truncated last line and requires no further lines', async () => {
    const root = await temporaryFolder();
    await begun(root, 2);
    await appendFile(join(root, 'a', 'metrics.jsonl'), '{"step":3,"lo');
    const store = runStore({ root, name: 'a' });
    await store.reopen();
    expect(store.records).toBe(2);
    await store.rewind({ seed: 1 }, 10);
    await store.append({ step: 3 });
    expect(await stepsIn(root)).toEqual([1, 2, 3]);
  });

  test('resume accepts a run that was killed before its first record', async () => {
    const root = await temporaryFolder();
    await begun(root, 0);
    await rm(join(root, 'a', 'metrics.jsonl'));
    const store = runStore({ root, name: 'a' });
    await store.reopen();
    await store.append({ step: 1 });
    expect(await stepsIn(root)).toEqual([1]);
  });

  test('resume finds the newest checkpoint and the finished networks', async () => {
    const root = await temporaryFolder();
    const store = runStore({ root, name: 'a', keep: 2 });
    await store.open({});
    expect(await store.checkpoints.latest(() => undefined)).toBeUndefined();
    expect(await store.checkpoints.get('teacher')).toBeUndefined();
    for (let step = 1; step <= 5; step++) await store.checkpoints.write(at(step), { step, best: step === 2 });
    for (const step of [7, 8]) await store.checkpoints.put('teacher', at(step));
    await store.release();
    const again = runStore({ root, name: 'a' });
    await again.reopen();
    expect(await again.checkpoints.latest(() => undefined)).toEqual(at(5));
    expect(await again.checkpoints.get('teacher')).toEqual(at(8));
    expect((await readdir(join(root, 'a', 'checkpoints'))).sort()).toEqual([
      'checkpoint-000002',
      'checkpoint-000004',
      'checkpoint-000005',
      'done',
    ]);
    expect(await failureOf(again.checkpoints.put('../x', at(1)))).toMatchObject({ code: 'config/invalid' });
  });

  test('resume removes unfinished files only once the run is known to continue', async () => {
    const root = await temporaryFolder();
    const [folder, mark] = [join(root, 'a'), randomUUID()];
    const store = runStore({ root, name: 'a' });
    await store.open({});
    await store.checkpoints.write(at(1), { step: 1, best: false });
    await store.checkpoints.put('teacher', at(1));
    const left = [
      `checkpoints/.checkpoint-${mark}.tmp`,
      `checkpoints/done/teacher/.checkpoint-${mark}.tmp`,
      `student.${mark}.tmp`,
      `student.${mark}.old`,
    ];
    for (const one of left) await mkdir(join(folder, one));
    await writeFile(join(folder, `config.json.${mark}.tmp`), '{');
    await store.release();
    const again = runStore({ root, name: 'a' });
    await again.reopen();
    expect(await readdir(folder)).toContain(`student.${mark}.old`);
    await again.rewind({}, 0);
    expect((await readdir(folder, { recursive: true })).filter((path) => path.includes(mark))).toEqual([]);
    expect((await readdir(folder)).filter((name) => !name.startsWith('lock'))).toEqual([
      'checkpoints',
      'config.json',
      'metrics.jsonl',
      'run.json',
    ]);
    expect(await again.checkpoints.get('teacher')).toEqual(at(1));
  });

  test('resume warns about a damaged checkpoint and uses the previous one', async () => {
    const root = await temporaryFolder();
    const store = runStore({ root, name: 'a' });
    await store.open({});
    await store.checkpoints.write(at(1), { step: 1, best: false });
    const { location } = await store.checkpoints.write(at(2), { step: 2, best: false });
    expect(location).toBe(join(root, 'a', 'checkpoints', 'checkpoint-000002'));
    await writeFile(join(location, 'arrays.safetensors'), 'x');
    const warnings: string[] = [];
    expect(await store.checkpoints.latest((message) => void warnings.push(message))).toEqual(at(1));
    expect(warnings).toEqual([expect.stringContaining('checkpoint-000002 is damaged')]);
  });

  test('writing a checkpoint names a folder that was removed', async () => {
    const root = await temporaryFolder();
    await begun(root, 1);
    const store = runStore({ root, name: 'a' });
    await store.reopen();
    await rm(join(root, 'a'), { recursive: true });
    expect(await failureOf(store.checkpoints.write(at(1), { step: 1, best: false }))).toMatchObject({
      code: 'environment/files',
      message: expect.stringContaining(join(root, 'a')),
    });
    expect(await readdir(root)).toEqual([]);
  });

  test.each(['write', 'put'] as const)('a folder that is removed during the %s of a checkpoint is not made again', async (how) => {
    const root = await temporaryFolder();
    await begun(root, 1);
    const store = runStore({ root, name: 'a' });
    await store.reopen();
    await store.checkpoints.write(at(1), { step: 1, best: false });
    const make = files.mkdir;
    const back = (): void => {
      files.mkdir = make;
      syncBuiltinESMExports();
    };
    onTestFinished(back);
    // Right before the first folder of the checkpoint is made.
    files.mkdir = (async (...given: Parameters<typeof make>) => {
      back();
      await rm(join(root, 'a'), { recursive: true });
      return make(...given);
    }) as typeof make;
    syncBuiltinESMExports();
    const writing = how === 'put' ? store.checkpoints.put('teacher', at(2)) : store.checkpoints.write(at(2), { step: 2, best: false });
    expect(await failureOf(writing)).toMatchObject({ code: 'environment/files', message: expect.stringContaining('(ENOENT)') });
    expect(await readdir(root)).toEqual([]);
  });
});
