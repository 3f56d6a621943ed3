import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@tensorflow/tfjs-node';
import { createKit, parsePath, TemperError } from '@temper/core';
import { data } from '@temper/data';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { schedules } from '@temper/schedules';
import { expect, test } from 'vitest';
import { node } from '../plugin.js';
import { isReserved } from './reserved.js';

const folder = await mkdtemp(join(tmpdir(), 'temper-reserved-'));

test.each([
  'checkpoints',
  'Checkpoints',
  'config.json',
  'metrics.jsonl',
  'summary.json',
  'run.json',
  'lock.json',
  'tensorboard',
  'events.jsonl',
  'a.tmp',
  'NUL',
])('a teacher named %s is refused before anything is written', async (name) => {
  const runs = join(folder, name);
  const kit = createKit({ plugins: [schedules, losses, models, data, node({ runs })] });
  const model = { type: 'mlp', hidden: [4] } as const;
  const config = { data: { type: 'digits', train: 40, validation: 20, test: 20 }, student: { model }, epochs: 1, batchSize: 20 } as const;
  const assistant = { name, distilled: { epochs: 1, teacher: { model, train: { epochs: 1 } }, student: { model } } };
  for (const [teacher, path] of [
    [{ name, model, train: { epochs: 1 } }, 'teacher.name'],
    [{ ensemble: [{ model, train: { epochs: 1 } }, assistant] }, 'teacher.ensemble[1].name'],
  ] as const) {
    const error = await kit.run({ ...config, teacher } as never).catch((caught: unknown) => caught as TemperError);
    expect(error).toMatchObject({ code: 'config/invalid', path: parsePath(path) });
    expect((error as Error).message).toContain(`"${name}" is reserved`);
  }
  expect(await readdir(runs).catch(() => 'nothing')).toBe('nothing');
});

test('file names of networks are not reserved', () => {
  expect(['student', 'teacher', 'teacher-2', 'assistant', 'locksmith', 'console'].filter(isReserved)).toEqual([]);
  void rm(folder, { recursive: true, force: true });
});
