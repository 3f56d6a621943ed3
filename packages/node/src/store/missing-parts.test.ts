import '@tensorflow/tfjs-node';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createKit, type RunResult } from '@temper/core';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { schedules } from '@temper/schedules';
import { beforeEach, describe, expect, test } from 'vitest';
import { node } from '../plugin.js';
import { blobs } from '../../../../fixtures/blobs.js';
import { failureOf } from '../testing/failure.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { readRunConfig } from './run-folder.js';

const mlp = { type: 'mlp', hidden: [4] } as const;
const config = {
  name: 'a',
  teacher: { model: mlp, train: { epochs: 1 } },
  student: { model: mlp },
  epochs: 4,
  batchSize: 16,
  deterministic: true,
} as const;
let runs: string;
let folder: string;

const kitIn = (root: string) => createKit({ plugins: [schedules, losses, models, node({ runs: root })] });

async function disposed(running: Promise<RunResult>): Promise<RunResult> {
  const result = await running;
  result.student.dispose();
  result.teacher?.dispose();
  return result;
}

const resumed = (): Promise<RunResult> => disposed(kitIn(runs).run(config, { data: blobs(), resume: true }));
const resultIn = (root: string): Promise<string> => readFile(join(root, 'a', 'student', 'weights.bin'), 'hex');

/** A run that was stopped after its student's second epoch. */
beforeEach(async () => {
  runs = await temporaryFolder();
  folder = join(runs, 'a');
  let epochs = 0;
  const stopper = {
    name: 'stopper',
    report: (event: { type: string; stage?: string }, { stop }: { stop(reason: string): void }) =>
      void (event.type === 'epoch-end' && event.stage === 'student' && ++epochs === 2 && stop('enough')),
  };
  expect(await failureOf(kitIn(runs).run(config, { data: blobs(), reporters: [stopper] }))).toMatchObject({ code: 'run/stopped' });
});

describe('resuming an incomplete run folder', () => {
  test.each([
    ['config.json is cut off', () => writeFile(join(folder, 'config.json'), '{"seed":'), 'config.json cannot be read'],
    ['config.json is missing', () => rm(join(folder, 'config.json')), 'config.json cannot be read'],
    ['config.json is a list', () => writeFile(join(folder, 'config.json'), '[]'), 'config.json cannot be read'],
    ['run.json is damaged', () => writeFile(join(folder, 'run.json'), '{}'), 'run.json cannot be read'],
    ['metrics are emptied', () => writeFile(join(folder, 'metrics.jsonl'), ''), /holds 0 of the \d+ records/],
    ['metrics are missing', () => rm(join(folder, 'metrics.jsonl')), /holds 0 of the \d+ records/],
    [
      'metrics are truncated',
      async () =>
        writeFile(
          join(folder, 'metrics.jsonl'),
          `${(await readFile(join(folder, 'metrics.jsonl'), 'utf8')).split('\n').slice(0, 3).join('\n')}\n`,
        ),
      /holds 3 of the \d+ records/,
    ],
    [
      'a line of metrics is not JSON',
      async () => writeFile(join(folder, 'metrics.jsonl'), (await readFile(join(folder, 'metrics.jsonl'), 'utf8')).replace('{', '<')),
      /1 of \d+ lines are not records of a run; the first: line 1 is not JSON/,
    ],
    [
      'a record of metrics has a wrong type',
      async () =>
        writeFile(
          join(folder, 'metrics.jsonl'),
          (await readFile(join(folder, 'metrics.jsonl'), 'utf8')).replace(/"loss":[\d.]+/, '"loss":"low"'),
        ),
      /1 of \d+ lines are not records of a run; the first: line \d+ is no record of type "steps": loss/,
    ],
    [
      'a copy of the teacher is damaged',
      async () =>
        writeFile(
          join(
            folder,
            'checkpoints/done/teacher',
            (await readdir(join(folder, 'checkpoints/done/teacher'))).sort().at(-1) as string,
            'arrays.safetensors',
          ),
          'x',
        ),
      'teacher: checkpoint-000002 is damaged',
    ],
  ])('a resume warns and reaches the same end when %s', async (_what, damage, warning) => {
    await damage();
    const { warnings } = await resumed();
    expect(warnings.join('\n')).toMatch(warning);
    const whole = await temporaryFolder();
    await disposed(kitIn(whole).run(config, { data: blobs() }));
    expect(await resultIn(runs)).toBe(await resultIn(whole));
  });

  test.each([
    ['all checkpoints are missing', () => rm(join(folder, 'checkpoints'), { recursive: true })],
    [
      'the folder of checkpoints is empty',
      async () => {
        for (const name of await readdir(join(folder, 'checkpoints'))) await rm(join(folder, 'checkpoints', name), { recursive: true });
      },
    ],
  ])('a resume is refused and changes nothing when %s', async (_what, damage) => {
    const records = await readFile(join(folder, 'metrics.jsonl'), 'utf8');
    await damage();
    expect(await failureOf(resumed())).toMatchObject({
      code: 'run/no-checkpoint',
      fault: 'user',
      message: expect.stringContaining('all of them are missing'),
    });
    expect(await readFile(join(folder, 'metrics.jsonl'), 'utf8')).toBe(records);
  });

  describe('both copies of the config are damaged', () => {
    const forced = { data: blobs(), resume: { force: true } } as const;
    beforeEach(async () => {
      for (const name of ['config.json', 'run.json']) await writeFile(join(folder, name), '');
    });

    test('a resume is refused with a hint on how to give the config', async () => {
      const expected = {
        code: 'run/no-checkpoint',
        fault: 'user',
        message: expect.stringContaining('neither config.json nor its copy in run.json can be read'),
      };
      expect(await failureOf(resumed())).toMatchObject({ ...expected, hint: expect.stringContaining('force: true') });
      const allowed = kitIn(runs).run(config, { data: blobs(), resume: { force: ['epochs'] } });
      expect(await failureOf(allowed)).toMatchObject(expected);
      expect(await failureOf(readRunConfig(runs, 'a'))).toMatchObject({ ...expected, hint: expect.stringContaining('--resume a --force') });
    });

    test('a resume with a forced config equals an unbroken run and restores both copies', async () => {
      const { warnings } = await disposed(kitIn(runs).run(config, forced));
      expect(warnings.join('\n')).toMatch(/the given config is used as the config of the run in /);
      const whole = await temporaryFolder();
      await disposed(kitIn(whole).run(config, { data: blobs() }));
      expect(await resultIn(runs)).toBe(await resultIn(whole));
      expect(await readRunConfig(runs, 'a')).toEqual(await readRunConfig(whole, 'a'));
    });

    test('a resume is refused when the checkpoints are missing too', async () => {
      await rm(join(folder, 'checkpoints'), { recursive: true });
      const message = expect.stringContaining('neither the config nor a checkpoint of a run can be read');
      expect(await failureOf(kitIn(runs).run(config, forced))).toMatchObject({ code: 'run/no-checkpoint', message });
    });
  });
});
