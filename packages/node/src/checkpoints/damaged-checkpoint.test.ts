import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { stepOf, visible, written } from '../testing/checkpoints.js';
import { failureOf } from '../testing/failure.js';
import { temporaryFolder } from '../testing/temporary.js';
import { readLatestCheckpoint } from './read-checkpoint.js';

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
