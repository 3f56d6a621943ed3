import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { stepOf, visible, written } from '../testing/checkpoints.js';
import { failureOf } from '../testing/failure.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { readLatestCheckpoint } from './read-checkpoint.js';
import { encodeSafetensors } from './safetensors.js';
import { writeCheckpoint } from './write-checkpoint.js';

/** Another content with sums that are right: what a program wrote, not what a disk has damaged. */
async function rewrite(
  folder: string,
  arrays: readonly Uint8Array[] | undefined,
  state: unknown,
  content: unknown = { format: 'temper-checkpoint', version: 1, state },
): Promise<void> {
  if (arrays !== undefined) await writeFile(join(folder, 'arrays.safetensors'), Buffer.concat(arrays));
  await writeFile(join(folder, 'state.json'), JSON.stringify(content));
  const sums = await Promise.all(
    ['arrays.safetensors', 'state.json'].map(async (name) => [
      name,
      createHash('sha256')
        .update(await readFile(join(folder, name)))
        .digest('hex'),
    ]),
  );
  await writeFile(join(folder, 'SHA256SUMS'), sums.map(([name, sum]) => `${sum}  ${name}\n`).join(''));
}

describe('damaged checkpoints', () => {
  const damages: readonly [string, (folder: string) => Promise<unknown>][] = [
    ['truncated arrays', (folder) => truncate(join(folder, 'arrays.safetensors'), 1000)],
    ['empty arrays', (folder) => truncate(join(folder, 'arrays.safetensors'), 0)],
    ['a truncated state', (folder) => truncate(join(folder, 'state.json'), 10)],
    ['empty sums', (folder) => truncate(join(folder, 'SHA256SUMS'), 0)],
    ['missing arrays', (folder) => rm(join(folder, 'arrays.safetensors'))],
    ['a missing state', (folder) => rm(join(folder, 'state.json'))],
    ['missing sums', (folder) => rm(join(folder, 'SHA256SUMS'))],
    [
      'no files',
      async (folder) => {
        await rm(folder, { recursive: true });
        await mkdir(folder);
      },
    ],
  ];
  test.each(damages)('a checkpoint with %s is replaced by the previous one, with a warning', async (_, damage) => {
    const folder = await temporaryFolder();
    const names = await written(folder, [1, 2]);
    await damage(join(folder, names[1] as string));
    const found = await readLatestCheckpoint(folder);
    expect(found).toMatchObject({
      name: 'checkpoint-000001',
      state: { step: 1 },
      warnings: [expect.stringContaining('checkpoint-000002 is damaged and was skipped')],
    });
  });

  test.each([
    ['numbers that are not finite', { kernel: { dtype: 'float32', shape: [2], data: Float32Array.of(1, NaN) } }, { step: 2 }],
    ['an infinite number', { kernel: { dtype: 'float32', shape: [1], data: Float32Array.of(-Infinity) } }, { step: 2 }],
  ] as const)('a checkpoint with valid sums and %s is skipped, and none is written', async (_, arrays, state) => {
    const folder = await temporaryFolder();
    await written(folder, [1, 2]);
    expect(await failureOf(writeCheckpoint(folder, { arrays, state }))).toMatchObject({
      code: 'run/non-finite',
      message: expect.stringContaining('"kernel"'),
    });
    expect(await visible(folder)).toEqual(['checkpoint-000001', 'checkpoint-000002']);
    await rewrite(join(folder, 'checkpoint-000002'), encodeSafetensors(arrays), state);
    expect(await readLatestCheckpoint(folder)).toMatchObject({ state: { step: 1 }, warnings: [expect.stringContaining('not finite')] });
  });

  test.each([
    ['no format', { version: 1, state: {} }],
    ['a version that is a text', { format: 'temper-checkpoint', version: '1', state: {} }],
    ['a fractional version', { format: 'temper-checkpoint', version: 0.5, state: {} }],
    ['a list', []],
    ['no object', 7],
  ])('a checkpoint with %s in state.json and valid sums is skipped', async (_, content) => {
    const folder = await temporaryFolder();
    await written(folder, [1, 2]);
    await rewrite(join(folder, 'checkpoint-000002'), undefined, undefined, content);
    expect(await readLatestCheckpoint(folder)).toMatchObject({
      state: { step: 1 },
      warnings: [expect.stringContaining('its state is not that of a checkpoint')],
    });
  });

  test('a checkpoint that the caller cannot use is skipped like a damaged one', async () => {
    const folder = await temporaryFolder();
    await written(folder, [1, 2]);
    const check = ({ state }: { state: unknown }): void => {
      if ((state as { step: number }).step === 2) throw new Error('it is in stage 99');
    };
    expect(await readLatestCheckpoint(folder, check)).toMatchObject({
      state: { step: 1 },
      warnings: [expect.stringContaining('it is in stage 99')],
    });
  });

  test('a folder with a number above the limit is ignored and blocks no writer', async () => {
    const folder = await temporaryFolder();
    for (const name of ['checkpoint-99999999999999999999', 'checkpoint-9007199254740993']) await mkdir(join(folder, name));
    expect(await written(folder, [1, 2])).toEqual(['checkpoint-000001', 'checkpoint-000002']);
    expect(await stepOf(folder)).toBe(2);
    await mkdir(join(folder, 'checkpoint-999999999'));
    expect(await failureOf(writeCheckpoint(folder, { arrays: {}, state: null }))).toMatchObject({
      code: 'environment/files',
      message: expect.stringContaining('no number left'),
    });
  });

  test('a damaged checkpoint is not one of the last k and is removed with older ones', async () => {
    const folder = await temporaryFolder();
    const [, second] = await written(folder, [1, 2], 2);
    await truncate(join(folder, second as string, 'arrays.safetensors'), 100);
    await written(folder, [3], 2);
    expect(await visible(folder)).toEqual(['checkpoint-000001', 'checkpoint-000002', 'checkpoint-000003']);
    await written(folder, [4], 2);
    expect(await visible(folder)).toEqual(['checkpoint-000003', 'checkpoint-000004']);
  });

  test('training resumes when the two newest checkpoints are damaged', async () => {
    const folder = await temporaryFolder();
    await written(folder, [1, 2], 2);
    await truncate(join(folder, 'checkpoint-000002', 'arrays.safetensors'), 100);
    await written(folder, [3], 2);
    await rm(join(folder, 'checkpoint-000003', 'arrays.safetensors'));
    expect(await stepOf(folder)).toBe(1);
  });

  test('any flipped bit of a checkpoint is detected', async () => {
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

  test('an error names the damage of each checkpoint when all are damaged', async () => {
    const folder = await temporaryFolder();
    for (const name of await written(folder, [1, 2])) await truncate(join(folder, name, 'state.json'), 3);
    expect(await failureOf(readLatestCheckpoint(folder))).toMatchObject({
      code: 'data/invalid',
      message: expect.stringMatching(/no checkpoint in .* is complete:\n {2}checkpoint-000002.*\n {2}checkpoint-000001.*state\.json/),
    });
  });

  test('a checkpoint of a newer version is refused instead of skipped', async () => {
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
