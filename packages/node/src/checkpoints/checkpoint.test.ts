import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkpointOf } from '../testing/checkpoint-of.js';
import { bundle, ended, start, startLimited } from '../testing/child.js';
import { failureOf } from '../testing/failure.js';
import { temporaryFolder } from '../testing/temporary.js';
import { encodeSafetensors } from './safetensors.js';
import { readBestCheckpoint, readLatestCheckpoint } from './read-checkpoint.js';
import { writeCheckpoint } from './write-checkpoint.js';

const stepOf = async (folder: string): Promise<number | undefined> =>
  ((await readLatestCheckpoint(folder))?.state as { step: number } | undefined)?.step;
const visible = async (folder: string): Promise<string[]> => (await readdir(folder)).sort();

/** Writes these steps, and gives the names of their checkpoints. */
async function written(folder: string, steps: readonly number[], keep = 3): Promise<string[]> {
  const names: string[] = [];
  for (const step of steps) names.push(await writeCheckpoint(folder, checkpointOf(step), { keep }));
  return names;
}

describe('checkpoints', () => {
  test('the newest comes back as it was written', async () => {
    const folder = join(await temporaryFolder(), 'run', 'checkpoints');
    expect(await readLatestCheckpoint(folder)).toBeUndefined();
    expect(await written(folder, [1, 2])).toEqual(['checkpoint-000001', 'checkpoint-000002']);
    expect(await readLatestCheckpoint(folder)).toEqual({ name: 'checkpoint-000002', ...checkpointOf(2), warnings: [] });
    expect(await visible(join(folder, 'checkpoint-000002'))).toEqual(['SHA256SUMS', 'arrays.safetensors', 'state.json']);
  });

  test('the last k and the best are kept', async () => {
    const folder = await temporaryFolder();
    for (let step = 1; step <= 6; step++) await writeCheckpoint(folder, checkpointOf(step), { keep: 2, best: step === 2 });
    expect(await visible(folder)).toEqual(['best.json', 'checkpoint-000002', 'checkpoint-000005', 'checkpoint-000006']);
    expect(await readBestCheckpoint(folder)).toMatchObject({ name: 'checkpoint-000002', state: { step: 2 } });
    await writeCheckpoint(folder, checkpointOf(7), { keep: 1, best: true });
    expect(await visible(folder)).toEqual(['best.json', 'checkpoint-000007']);
    await writeFile(join(folder, 'best.json'), '{"best":"../../elsewhere"}');
    expect(await readBestCheckpoint(folder)).toBeUndefined();
  });

  test('their sums are those of sha256sum', async () => {
    const folder = await temporaryFolder();
    const [name] = await written(folder, [1]);
    const { stdout } = await promisify(execFile)('sha256sum', ['-c', 'SHA256SUMS'], { cwd: join(folder, name as string) });
    expect(stdout).toBe('arrays.safetensors: OK\nstate.json: OK\n');
  });

  test('two writers at once never share a checkpoint', async () => {
    const folder = await temporaryFolder();
    const names = await Promise.all(Array.from({ length: 12 }, (_, i) => writeCheckpoint(folder, checkpointOf(i), { keep: 100 })));
    expect(new Set(names).size).toBe(12);
    for (const name of await visible(folder)) expect(name).toMatch(/^checkpoint-0000\d\d$/);
    expect((await readLatestCheckpoint(folder))?.warnings).toEqual([]);
  });

  test('the event loop goes on while a large one is written and read', async () => {
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

  test('half-written ones of killed runs are removed once they are old', async () => {
    const folder = await temporaryFolder();
    for (const name of ['.checkpoint-old.tmp', '.checkpoint-new.tmp']) await mkdir(join(folder, name));
    await utimes(join(folder, '.checkpoint-old.tmp'), 0, 0);
    await written(folder, [1]);
    expect(await visible(folder)).toEqual(['.checkpoint-new.tmp', 'checkpoint-000001']);
  });
});

describe('damage', () => {
  const damages: readonly [string, (folder: string) => Promise<unknown>][] = [
    ['arrays cut off', (folder) => truncate(join(folder, 'arrays.safetensors'), 1000)],
    ['arrays empty', (folder) => truncate(join(folder, 'arrays.safetensors'), 0)],
    ['state cut off', (folder) => truncate(join(folder, 'state.json'), 10)],
    ['sums empty', (folder) => truncate(join(folder, 'SHA256SUMS'), 0)],
    ['arrays missing', (folder) => rm(join(folder, 'arrays.safetensors'))],
    ['state missing', (folder) => rm(join(folder, 'state.json'))],
    ['sums missing', (folder) => rm(join(folder, 'SHA256SUMS'))],
    [
      'nothing in it',
      async (folder) => {
        await rm(folder, { recursive: true });
        await mkdir(folder);
      },
    ],
  ];
  test.each(damages)('%s: the one before is taken, with a warning', async (_, damage) => {
    const folder = await temporaryFolder();
    const names = await written(folder, [1, 2]);
    await damage(join(folder, names[1] as string));
    const found = await readLatestCheckpoint(folder);
    expect(found).toMatchObject({
      name: 'checkpoint-000001',
      state: { step: 1 },
      warnings: [expect.stringContaining('checkpoint-000002 is damaged and was passed over')],
    });
  });

  test('a damaged one takes no place among the last k, and goes once it is older than they are', async () => {
    const folder = await temporaryFolder();
    const [, second] = await written(folder, [1, 2], 2);
    await truncate(join(folder, second as string, 'arrays.safetensors'), 100);
    await written(folder, [3], 2);
    expect(await visible(folder)).toEqual(['checkpoint-000001', 'checkpoint-000002', 'checkpoint-000003']);
    await written(folder, [4], 2);
    expect(await visible(folder)).toEqual(['checkpoint-000003', 'checkpoint-000004']);
  });

  test('two damaged ones, one after the other, still leave something to go on from', async () => {
    const folder = await temporaryFolder();
    await written(folder, [1, 2], 2);
    await truncate(join(folder, 'checkpoint-000002', 'arrays.safetensors'), 100);
    await written(folder, [3], 2);
    await rm(join(folder, 'checkpoint-000003', 'arrays.safetensors'));
    expect(await stepOf(folder)).toBe(1);
  });

  test('any flipped bit is noticed', async () => {
    const folder = await temporaryFolder();
    const names = await written(folder, [1, 2]);
    for (const file of ['arrays.safetensors', 'state.json', 'SHA256SUMS']) {
      const path = join(folder, names[1] as string, file);
      const bytes = await readFile(path);
      for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 40)) {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] as number) ^ (1 << (at % 8));
        await writeFile(path, flipped);
        expect(await stepOf(folder), `${file}, byte ${at}`).toBe(1);
      }
      await writeFile(path, bytes);
    }
    expect(await stepOf(folder)).toBe(2);
  });

  test('all damaged: says how each', async () => {
    const folder = await temporaryFolder();
    for (const name of await written(folder, [1, 2])) await truncate(join(folder, name, 'state.json'), 3);
    expect(await failureOf(readLatestCheckpoint(folder))).toMatchObject({
      code: 'data/invalid',
      message: expect.stringMatching(/no checkpoint in .* is whole:\n {2}checkpoint-000002.*\n {2}checkpoint-000001.*state\.json/),
    });
  });

  test('a newer version is not passed over', async () => {
    const folder = await temporaryFolder();
    const [name] = await written(folder, [1]);
    const state = JSON.stringify({ format: 'temper-checkpoint', version: 2, state: {} });
    await writeFile(join(folder, name as string, 'state.json'), state);
    const { stdout } = await promisify(execFile)('sha256sum', ['arrays.safetensors', 'state.json'], { cwd: join(folder, name as string) });
    await writeFile(join(folder, name as string, 'SHA256SUMS'), stdout);
    expect(await failureOf(readLatestCheckpoint(folder))).toMatchObject({
      message: expect.stringContaining('is of format version 2; this version of Temper reads up to 1'),
      hint: expect.stringContaining('Update Temper'),
    });
  });
});

describe('what cannot be written', () => {
  test('arrays that contradict their shape, and numbers JSON does not know', async () => {
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

  test('a folder that is a file', async () => {
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

describe('with real processes', () => {
  let programs: string;
  let program: string;
  beforeAll(async () => {
    programs = await mkdtemp(join(tmpdir(), 'temper-test-'));
    program = await bundle('./write-checkpoints.ts', programs);
  });
  afterAll(() => rm(programs, { recursive: true, force: true }));

  /** What must hold after any death: the last one that was acknowledged is there, or a later one. */
  async function expectWhole(folder: string, stdout: string, before = 0): Promise<number> {
    const acknowledged = Math.max(before, ...stdout.split('\n').map(Number));
    const found = await readLatestCheckpoint(folder);
    const step = (found?.state as { step: number } | undefined)?.step ?? 0;
    expect([acknowledged, acknowledged + 1]).toContain(step);
    expect(found?.warnings ?? []).toEqual([]);
    if (found !== undefined) {
      const expected = checkpointOf(step, found.arrays['kernel']?.shape[0]);
      // Joined, since an element-by-element comparison of large arrays takes seconds.
      expect(Buffer.concat(encodeSafetensors(found.arrays)).equals(Buffer.concat(encodeSafetensors(expected.arrays)))).toBe(true);
      expect(found.state).toEqual(expected.state);
    }
    return step;
  }

  test('killed at 50 random moments and started again each time, nothing acknowledged is lost', { timeout: 240_000 }, async () => {
    const folder = await temporaryFolder();
    let last = 0;
    for (let kill = 0; kill < 50; kill++) {
      const child = start(program, [folder, '100000', '100000']);
      const result = ended(child);
      child.stdout?.once('data', () => setTimeout(() => child.kill('SIGKILL'), Math.random() * 40));
      const { signal, stdout } = await result;
      expect(signal).toBe('SIGKILL');
      last = await expectWhole(folder, stdout, last);
    }
    expect(last).toBeGreaterThanOrEqual(50);
  });

  test.each(['kill', 'ENOSPC'] as const)('%s at every single file operation leaves the last good one', { timeout: 240_000 }, async (fault) => {
    const folder = await temporaryFolder();
    let last = 0;
    for (let at = 1; ; at++) {
      const { signal, stdout, stderr } = await ended(start(program, [folder, '1', '10', fault, String(at)]));
      last = await expectWhole(folder, stdout, last);
      const operations = Number(/of (\d+) operations/.exec(stderr)?.[1] ?? Infinity);
      if (at > operations) break;
      if (fault === 'kill') expect(signal).toBe('SIGKILL');
      else if (stdout === '') expect(stderr).toContain('the disk is full (ENOSPC)');
    }
    expect(last).toBeGreaterThan(0);
  });

  test('a disk that fills up in the middle of the arrays', async () => {
    const folder = await temporaryFolder();
    await written(folder, [1]);
    const { stdout, stderr } = await ended(startLimited(100, program, [folder, '1', '100000']));
    expect(stdout).toBe('');
    expect(stderr).toContain(`cannot write a checkpoint in ${folder}: it is larger than the file system or a limit allows (EFBIG)`);
    expect(await visible(folder)).toEqual(['checkpoint-000001']);
    expect(await stepOf(folder)).toBe(1);
  });
});
