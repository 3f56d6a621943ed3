import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-node';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createKit, definePlugin, eagerEngine, Tokens, type RunResult } from '@temper/core';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { schedules } from '@temper/schedules';
import { expect, test } from 'vitest';
import { node } from './plugin.js';
import { blobs } from '../../../fixtures/blobs.js';
import { readJson, temporaryFolder } from '../../../fixtures/temporary.js';

const kitOf = (options: Parameters<typeof node>[0]) => createKit({ plugins: [schedules, losses, models, node(options)] });
const dispose = (result: RunResult): void => [result.student, result.teacher].forEach((network) => network?.dispose());

test('creating a kit and a container touches no file', async () => {
  const root = await temporaryFolder();
  const container = kitOf({ runs: join(root, 'runs') }).container({ name: 'a' });
  expect(container.get(Tokens.RunStore).location).toBe(join(root, 'runs', 'a'));
  container.get(Tokens.NetworkLoader);
  expect(await readdir(root)).toEqual([]);
});

test('the engine is compiled on the native backend, and eager on request or without', async () => {
  expect(kitOf({}).container({}).get(Tokens.Engine).name).toBe('compiled');
  expect(kitOf({ engine: 'eager' }).container({}).get(Tokens.Engine)).toBe(eagerEngine);
  await tf.setBackend('cpu');
  try {
    expect(kitOf({}).container({}).get(Tokens.Engine)).toBe(eagerEngine);
  } finally {
    await tf.setBackend('tensorflow');
  }
});

test('a later plug-in may rebind the bindings of node()', () => {
  const mine = definePlugin({ name: 'mine', services: (container) => void container.rebind(Tokens.Engine).toConstantValue(eagerEngine) });
  expect(
    createKit({ plugins: [node(), mine] })
      .container({})
      .get(Tokens.Engine),
  ).toBe(eagerEngine);
});

test('a run leaves its folder, and its networks teach the next run', async () => {
  const runs = join(await temporaryFolder(), 'runs');
  const kit = kitOf({ runs });
  const data = blobs();
  const student = { model: { type: 'mlp', hidden: [4] } } as const;
  const first = await kit.run(
    { name: 'first', teacher: { model: { type: 'mlp', hidden: [16] }, train: { epochs: 4 } }, student, epochs: 2 },
    { data },
  );
  expect(first.location).toBe(join(runs, 'first'));
  expect((await readdir(join(runs, 'first'))).sort()).toEqual([
    'checkpoints',
    'config.json',
    'metrics.jsonl',
    'run.json',
    'student',
    'summary.json',
    'teacher',
  ]);
  expect(await readJson(join(runs, 'first', 'summary.json'))).toMatchObject({ test: first.test });
  const second = await kit.run({ teacher: { from: 'first/teacher' }, student, epochs: 1 }, { data });
  expect(second.location).toBe(join(runs, 'distil-1'));
  expect(second.teacherTest).toEqual(first.teacherTest);
  await expect(kit.run({ name: 'first', student, epochs: 1 }, { data })).rejects.toMatchObject({
    code: 'run/exists',
    fault: 'user',
    hint: expect.stringContaining('"first-2"'),
  });
  await expect(kit.run({ teacher: { from: 'firts' }, student, epochs: 1 }, { data })).rejects.toMatchObject({
    code: 'data/not-found',
    fault: 'user',
  });
  dispose(first);
  dispose(second);
});
