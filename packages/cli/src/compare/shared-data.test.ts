import { createKit, defineData, definePlugin, Tokens, type DataSplits, type RunConfig } from '@temper/core';
import { digits } from '@temper/data';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { withStandard } from '../standard.js';
import { sharedData } from './shared-data.js';

const few = { train: 20, validation: 10, test: 10 };
const own = (type: string, services: 'none' | 'random' | 'config') =>
  defineData({
    type,
    options: z.strictObject({ seed: z.number().default(1) }),
    create: (options, { get }) => {
      const seed =
        services === 'random' ? get(Tokens.Random).stream('own').integer(100) : services === 'config' ? (get(Tokens.Config).seed ?? 0) : 0;
      return () => digits({ ...few, seed: options.seed + seed })();
    },
  });
const plugin = definePlugin({ name: 'own', provides: [own('plain', 'none'), own('by-random', 'random'), own('by-config', 'config')] });
const kit = createKit({ plugins: withStandard([plugin], []) });
const run = (data: object | undefined, seed = 1): RunConfig =>
  ({ ...(data && { data }), seed, student: { model: { type: 'mlp' } } }) as never;

async function loadedTwice(data: object, shared = sharedData()): Promise<readonly (DataSplits | undefined)[]> {
  return [await shared.of(kit, run(data, 1)), await shared.of(kit, run(data, 2))];
}

test.each([{ type: 'digits', ...few }, { type: 'plain' }])('runs with the data %o share them', async (data) => {
  const [first, second] = await loadedTwice(data);
  expect(first?.train.size).toBe(20);
  expect(second).toBe(first);
});

test.each([{ type: 'by-random' }, { type: 'by-config' }])('data %o that depend on the run are loaded for each run', async (data) => {
  const [first, second] = await loadedTwice(data);
  expect(first).toBeDefined();
  expect(second).not.toBe(first);
});

test('other options give other data, and the oldest are dropped', async () => {
  const shared = sharedData(1);
  const first = await shared.of(kit, run({ type: 'plain', seed: 1 }));
  const other = await shared.of(kit, run({ type: 'plain', seed: 2 }));
  expect(other).not.toBe(first);
  expect(await shared.of(kit, run({ type: 'plain', seed: 2 }))).toBe(other);
  expect(await shared.of(kit, run({ type: 'plain', seed: 1 }))).not.toBe(first);
});

test('a run without data of its config has none to share', async () => {
  expect(await sharedData().of(kit, run(undefined))).toBeUndefined();
});
