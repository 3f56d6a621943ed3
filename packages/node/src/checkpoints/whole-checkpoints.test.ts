import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkpointOf } from '../testing/checkpoints.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { wholeCheckpoints } from './whole-checkpoints.js';
import { writeCheckpoint } from './write-checkpoint.js';

test('a known checkpoint is checked again when its files change', async () => {
  const folder = await temporaryFolder();
  const [first, second] = [await writeCheckpoint(folder, checkpointOf(1)), await writeCheckpoint(folder, checkpointOf(2))];
  const whole = wholeCheckpoints(folder);
  await whole.add(first);
  expect([await whole.has(first), await whole.has(second), await whole.has('checkpoint-000009')]).toEqual([true, true, false]);

  const arrays = join(folder, first, 'arrays.safetensors');
  const bytes = await readFile(arrays);
  await writeFile(arrays, bytes);
  expect(await whole.has(first)).toBe(true);
  bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
  await writeFile(arrays, bytes);
  expect(await whole.has(first)).toBe(false);

  await truncate(join(folder, second, 'state.json'), 5);
  expect(await whole.has(second)).toBe(false);
  await rm(join(folder, second, 'SHA256SUMS'));
  expect(await whole.has(second)).toBe(false);
});

test('a removed checkpoint is forgotten, since a later one may have its name', async () => {
  const folder = await temporaryFolder();
  const whole = wholeCheckpoints(folder);
  const first = await writeCheckpoint(folder, checkpointOf(1), { keep: 1, whole });
  await writeCheckpoint(folder, checkpointOf(2), { keep: 1, whole });
  expect([await whole.has(first), await whole.has('checkpoint-000002')]).toEqual([false, true]);
});

test('a checkpoint removed before it is added does not count as complete', async () => {
  const folder = await temporaryFolder();
  const first = await writeCheckpoint(folder, checkpointOf(1));
  await rm(join(folder, first), { recursive: true });
  const whole = wholeCheckpoints(folder);
  await whole.add(first);
  expect(await whole.has(first)).toBe(false);
});
