import { execFile } from 'node:child_process';
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { checkpointOf, visible, written } from '../testing/checkpoints.js';
import { failureOf } from '../testing/failure.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { readBestCheckpoint, readLatestCheckpoint } from './read-checkpoint.js';
import { writeCheckpoint } from './write-checkpoint.js';

describe('checkpoints', () => {
  test('the newest checkpoint is read as it was written', async () => {
    const folder = join(await temporaryFolder(), 'run', 'checkpoints');
    expect(await readLatestCheckpoint(folder)).toBeUndefined();
    expect(await written(folder, [1, 2])).toEqual(['checkpoint-000001', 'checkpoint-000002']);
    expect(await readLatestCheckpoint(folder)).toEqual({ name: 'checkpoint-000002', ...checkpointOf(2), warnings: [] });
    expect(await visible(join(folder, 'checkpoint-000002'))).toEqual(['SHA256SUMS', 'arrays.safetensors', 'state.json']);
  });

  test('the last k checkpoints and the best are kept', async () => {
    const folder = await temporaryFolder();
    for (let step = 1; step <= 6; step++) await writeCheckpoint(folder, checkpointOf(step), { keep: 2, best: step === 2 });
    expect(await visible(folder)).toEqual(['checkpoint-000002', 'checkpoint-000005', 'checkpoint-000006']);
    expect(await readBestCheckpoint(folder)).toMatchObject({ name: 'checkpoint-000002', state: { step: 2 } });
    await writeCheckpoint(folder, checkpointOf(7), { keep: 1, best: true });
    expect(await visible(folder)).toEqual(['checkpoint-000007']);
    await rm(join(folder, 'checkpoint-000007', 'best'));
    expect(await readBestCheckpoint(folder)).toBeUndefined();
  });

  test('the sums of a checkpoint equal those of sha256sum', async () => {
    const folder = await temporaryFolder();
    const [name] = await written(folder, [1]);
    const { stdout } = await promisify(execFile)('sha256sum', ['-c', 'SHA256SUMS'], { cwd: join(folder, name as string) });
    expect(stdout).toBe('arrays.safetensors: OK\nstate.json: OK\n');
  });

  test('two concurrent writers never share a checkpoint', async () => {
    const folder = await temporaryFolder();
    const names = await Promise.all(Array.from({ length: 12 }, (_, i) => writeCheckpoint(folder, checkpointOf(i), { keep: 100 })));
    expect(new Set(names).size).toBe(12);
    for (const name of await visible(folder)) expect(name).toMatch(/^checkpoint-0000\d\d$/);
    expect((await readLatestCheckpoint(folder))?.warnings).toEqual([]);
  });

  test('the event loop is not blocked while a large checkpoint is written and read', async () => {
    const folder = await temporaryFolder();
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await writeCheckpoint(folder, checkpointOf(1, 10_000_000));
    const whileWriting = turns;
    await readLatestCheckpoint(folder);
    clearInterval(timer);
    expect(whileWriting).toBeGreaterThan(5);
    expect(turns - whileWriting).toBeGreaterThan(2);
  });

  test('unfinished checkpoints of killed runs are removed once they are old', async () => {
    const folder = await temporaryFolder();
    for (const name of ['.checkpoint-old.tmp', '.checkpoint-new.tmp']) await mkdir(join(folder, name));
    await utimes(join(folder, '.checkpoint-old.tmp'), 0, 0);
    await written(folder, [1]);
    expect(await visible(folder)).toEqual(['.checkpoint-new.tmp', 'checkpoint-000001']);
  });
});

describe('checkpoints that cannot be written', () => {
  test('arrays that contradict their shape and numbers unknown to JSON are refused', async () => {
    const folder = await temporaryFolder();
    await written(folder, [1]);
    const { arrays, state } = checkpointOf(2);
    expect(
      await failureOf(writeCheckpoint(folder, { arrays: { x: { dtype: 'float32', shape: [3], data: Float32Array.of(1) } }, state })),
    ).toMatchObject({ code: 'data/invalid' });
    expect(await failureOf(writeCheckpoint(folder, { arrays, state: { best: Number.NEGATIVE_INFINITY } }))).toMatchObject({
      code: 'data/invalid',
      message: expect.stringContaining('cannot hold -Infinity (at "best")'),
    });
    expect(await visible(folder)).toEqual(['checkpoint-000001']);
  });

  test('a checkpoint folder that is a file is refused', async () => {
    const folder = join(await temporaryFolder(), 'file');
    await writeFile(folder, '');
    expect(await failureOf(writeCheckpoint(folder, checkpointOf(1)))).toMatchObject({
      code: 'environment/files',
      fault: 'run',
      message: expect.stringContaining(`cannot write a checkpoint in ${folder}`),
    });
    expect(await failureOf(readLatestCheckpoint(folder))).toMatchObject({ code: 'environment/files' });
  });
});
