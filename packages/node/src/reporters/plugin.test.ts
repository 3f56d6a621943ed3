import '@tensorflow/tfjs-node';
import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createKit } from '@temper/core';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { schedules } from '@temper/schedules';
import { describe, expect, test, vi } from 'vitest';
import { node } from '../plugin.js';
import { blobs } from '../../../../fixtures/blobs.js';
import { failureOf } from '../testing/failure.js';
import { readJson, temporaryFolder } from '../../../../fixtures/temporary.js';
import { reporters } from './plugin.js';

const mlp = { type: 'mlp', hidden: [4] } as const;
const config = { name: 'a', teacher: { model: mlp, train: { epochs: 1 } }, student: { model: mlp }, epochs: 2 } as const;
const typesIn = (text: string): string[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { type: string }).type);

/** Runs with these reporters, in a folder; gives the warnings. */
async function run(
  runs: string,
  named: NonNullable<Parameters<ReturnType<typeof kitIn>['run']>[0]['reporters']>,
): Promise<readonly string[]> {
  const { student, teacher, warnings } = await kitIn(runs).run({ ...config, reporters: named }, { data: blobs() });
  student.dispose();
  teacher?.dispose();
  return warnings;
}
const kitIn = (runs: string) => createKit({ plugins: [schedules, losses, models, node({ runs, writable: [runs] }), reporters] });

describe('reporters named by a config', () => {
  test('reporters write into the run folder or at the given path', async () => {
    const runs = await temporaryFolder();
    const console_ = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const elsewhere = join(runs, 'deep', 'down');
    const own = [{ type: 'jsonl' }, { type: 'tensorboard' }, { type: 'console-json' }] as const;
    expect(
      await run(runs, [
        ...own,
        { type: 'jsonl', file: join(elsewhere, 'e.jsonl') },
        { type: 'tensorboard', folder: join(elsewhere, 'board') },
      ]),
    ).toEqual([]);
    const printed = console_.mock.calls.map(([line]) => String(line)).join('\n');
    console_.mockRestore();

    const lines = await readFile(join(runs, 'a', 'events.jsonl'), 'utf8');
    const all = ['run-start', 'stage-start', 'epoch-start', 'steps', 'epoch-end', 'evaluation', 'checkpoint', 'stage-end', 'run-end'];
    for (const text of [lines, printed, await readFile(join(elsewhere, 'e.jsonl'), 'utf8')]) {
      expect(typesIn(text)).toEqual(expect.arrayContaining(all));
      expect(text.trimEnd()).toBe(lines.trimEnd());
    }
    for (const board of [join(runs, 'a', 'tensorboard'), join(elsewhere, 'board')]) {
      const [file] = await readdir(board);
      expect(await readFile(join(board, file as string), 'latin1')).toContain('student/validation/accuracy');
    }
    expect(await readJson(join(runs, 'a', 'config.json'))).toMatchObject({ reporters: [...own, expect.anything(), expect.anything()] });
  });

  test('reporters write to no place that is not allowed', async () => {
    const runs = await temporaryFolder();
    const kit = createKit({ plugins: [schedules, losses, models, node({ runs, writable: [join(runs, 'open')] }), reporters] });
    for (const [option, path] of [
      ['file', join(runs, 'x.jsonl')],
      ['file', '../x.jsonl'],
      ['file', 'deep/../../x.jsonl'],
      ['file', '/etc/cron.d/x'],
      ['file', join(runs, 'open', '..', 'x')],
      ['folder', runs],
      ['folder', '..'],
      ['file', 'config.json'],
      ['file', 'checkpoints/x'],
      ['folder', 'student'],
      ['file', './metrics.jsonl'],
    ] as const) {
      const reporter = option === 'file' ? { type: 'jsonl', file: path } : { type: 'tensorboard', folder: path };
      const error = await failureOf(kit.run({ ...config, reporters: [reporter] } as never, { data: blobs() }));
      expect(error, path).toMatchObject({ code: 'config/invalid', path: ['reporters', 0, option], fault: 'user' });
      expect(await readdir(runs), path).toEqual([]);
    }
  });

  test('reporters write below the run folder and not through a link out of it', async () => {
    const runs = await temporaryFolder();
    expect(await run(runs, [{ type: 'jsonl', file: 'logs/deep/e.jsonl' }])).toEqual([]);
    expect(typesIn(await readFile(join(runs, 'a', 'logs', 'deep', 'e.jsonl'), 'utf8'))).toContain('run-end');
    const elsewhere = await temporaryFolder();
    await rm(join(runs, 'a', 'summary.json'));
    await rm(join(runs, 'a', 'logs'), { recursive: true });
    await symlink(elsewhere, join(runs, 'a', 'logs'));
    const { student, teacher, warnings } = await kitIn(runs).run(
      { ...config, reporters: [{ type: 'jsonl', file: 'logs/e.jsonl' }] },
      { data: blobs(), resume: true },
    );
    student.dispose();
    teacher?.dispose();
    expect(warnings.join()).toContain('must be a path in the folder of the run, got "logs/e.jsonl"');
    expect(await readdir(elsewhere)).toEqual([]);
  });

  test('reporters may change when a run is resumed', async () => {
    const runs = await temporaryFolder();
    const kit = kitIn(runs);
    const stopper = {
      name: 'stopper',
      report: (event: { type: string }, { stop }: { stop(reason: string): void }) => void (event.type === 'checkpoint' && stop('enough')),
    };
    const stopped = await failureOf(kit.run({ ...config, reporters: [{ type: 'jsonl' }] }, { data: blobs(), reporters: [stopper] }));
    expect(stopped).toMatchObject({ code: 'run/stopped' });
    const { student, teacher } = await kit.run(
      { ...config, reporters: [{ type: 'jsonl' }, { type: 'tensorboard' }] },
      { data: blobs(), resume: true },
    );
    student.dispose();
    teacher?.dispose();
    expect(typesIn(await readFile(join(runs, 'a', 'events.jsonl'), 'utf8')).filter((type) => type === 'run-start')).toHaveLength(2);
  });

  test('a reporter whose file cannot be written is reported once, and the run continues', async () => {
    const runs = await temporaryFolder();
    await writeFile(join(runs, 'taken'), '');
    const [warning, ...more] = await run(runs, [{ type: 'jsonl', file: join(runs, 'taken', 'e.jsonl') }]);
    expect(warning).toContain(`reporter "jsonl" failed and gets no more events: cannot write ${join(runs, 'taken', 'e.jsonl')}`);
    expect(more).toEqual([]);
  });

  test('mistakes in reporters are reported before the run starts', async () => {
    const runs = await temporaryFolder();
    const kit = kitIn(runs);
    expect(() => kit.parse({ ...config, reporters: [{ type: 'json' }] })).toThrow(
      'reporters[0].type: unknown reporter "json"; did you mean "jsonl"?',
    );
    expect(() => kit.parse({ ...config, reporters: [{ type: 'jsonl', path: 'x' }] })).toThrow('reporters[0].path: unknown option "path"');
    expect(() => kit.parse({ ...config, reporters: 'jsonl' })).toThrow('reporters: must be');
    expect(() => kit.parse({ ...config, reporters: [{ name: 'mine', report: () => undefined }] })).toThrow(
      /reporters\[0\]: is an object with functions in it.*\n.*defineReporter\(.*\n?.*\{ reporters: \[…\] \}/,
    );
    const bare = createKit({ plugins: [schedules, losses, models, reporters] });
    expect(await failureOf(bare.run({ ...config, reporters: [{ type: 'jsonl' }] }, { data: blobs() }))).toMatchObject({
      code: 'plugin/missing-requirement',
      message: expect.stringContaining('temper.RunStore'),
    });
    expect(await readdir(runs)).toEqual([]);
  });
});
