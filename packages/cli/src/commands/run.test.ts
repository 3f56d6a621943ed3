import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith, start, temper } from '../testing/temper.js';
import { small } from '../testing/small-run.js';

const json = async (...path: string[]): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(join(...path), 'utf8')) as Record<string, unknown>;

describe('a run', () => {
  test('run prints events on stderr and the result on stdout, and keeps a folder', async () => {
    const folder = await folderWith({ 'c.json': small });
    const { status, stdout, stderr } = await temper(['run', 'c.json', '--name', 'first'], folder);
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/^first is done: 8 updates in .* s$/m);
    expect(stdout).toMatch(/^ +test data +student +teacher$/m);
    expect(stdout).toMatch(/^ +accuracy +\d+\.\d % +\d+\.\d %$/m);
    expect(stdout).toContain('saved in runs/first');
    expect(stderr).toContain('run "first": 8 updates');
    expect(stderr).toMatch(/epoch 2, update 8\/8, validation accuracy .*, loss \S+, T 1$/m);
    expect(stdout + stderr).not.toContain('\x1b[');
    expect(await readdir(join(folder, 'runs', 'first'))).toEqual(
      expect.arrayContaining(['config.json', 'metrics.jsonl', 'student', 'summary.json', 'teacher']),
    );
  });

  test('reporters of the config write files, and stdout stays one JSON document', async () => {
    const folder = await folderWith({
      'c.json': { ...small, reporters: [{ type: 'terminal' }, { type: 'jsonl' }, { type: 'console-json' }] },
    });
    const { status, stdout, stderr } = await temper(['run', 'c.json', '--name', 'told', '--json'], folder);
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ name: 'told', warnings: [] });
    const lines = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('{"type":'));
    const written = lines(await readFile(join(folder, 'runs', 'told', 'events.jsonl'), 'utf8'));
    expect(written.at(-1)).toContain('"run-end"');
    expect(lines(stderr)).toEqual(written);
    expect(stderr.match(/^run "told": 8 updates$/gm)).toHaveLength(1);
    expect(stderr.match(/^ {2}epoch 2, update 8\/8,/gm)).toHaveLength(1);
  });

  test('run --json prints only the summary on stdout, and the last --set counts', async () => {
    const folder = await folderWith({ 'c.json': small });
    const args = [
      'run',
      'c.json',
      '--json',
      '--set',
      'epochs=3',
      '--set',
      'epochs=1',
      '--set',
      'temperature={"type":"linear","from":8,"to":2}',
      '--set',
      'temperature.from=6',
    ];
    const { status, stdout, stderr } = await temper([...args, '--runs', 'elsewhere', '--deterministic'], folder);
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'distil-1',
      location: 'elsewhere/distil-1',
      steps: 4,
      chosen: { epoch: 1, by: 'best validation accuracy' },
      test: { accuracy: expect.any(Number) as number, agreement: expect.any(Number) as number },
      teacherTest: { accuracy: expect.any(Number) as number },
      warnings: [],
    });
    expect(await json(folder, 'elsewhere', 'distil-1', 'config.json')).toMatchObject({
      deterministic: true,
      stages: [{ epochs: 1, temperature: { type: 'linear', from: 6, to: 2 } }],
    });
  });

  test('a TypeScript config brings its own schedule and lists the plug-in of Node', async () => {
    const config = `
      import { defineDistillation } from '@temper/cli';
      import { defineSchedule } from '@temper/core';
      import { node } from '@temper/node';
      import { z } from 'zod';
      const halving = defineSchedule({
        type: 'halving',
        options: z.strictObject({ from: z.number() }),
        create: ({ from }) => ({ step }) => from / 2 ** step,
      });
      export default defineDistillation({
        ...${JSON.stringify(small)},
        plugins: [halving, node({ runs: 'mine' })],
        temperature: { type: 'halving', from: 16 },
      });`;
    const folder = await folderWith({ 'temper.config.ts': config });
    const { status, stdout, stderr } = await temper(['run'], folder);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('saved in mine/distil-1');
    expect(await json(folder, 'mine', 'distil-1', 'config.json')).toMatchObject({
      stages: [{ temperature: { type: 'halving', from: 16 } }],
    });
  });

  test("run --data accepts a CSV file and keeps the config's options for such files", async () => {
    const rows = Array.from({ length: 200 }, (_, i) => `${i % 3},${Math.floor(i / 7) % 4},${['low', 'middle', 'high'][i % 3]}`);
    const folder = await folderWith({ 'c.json': small, 'd.csv': ['a,b,label', ...rows].join('\n') });
    const { status, stdout, stderr } = await temper(['run', 'c.json', '--data', 'd.csv', '--json'], folder);
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ name: 'distil-1' });
    expect(await json(folder, 'runs', 'distil-1', 'config.json')).toMatchObject({ data: { type: 'csv', path: 'd.csv', label: 'label' } });
    await writeFile(
      join(folder, 'e.json'),
      JSON.stringify({ ...small, data: { type: 'csv', path: 'absent.csv', label: 'b', classes: 4 } }),
    );
    expect((await temper(['run', 'e.json', '--data', 'd.csv'], folder)).stderr).toContain(
      'line 2, column "label": must be a finite number',
    );
  });
});

describe('interrupted runs', () => {
  const endless = { ...small, epochs: 100_000, checkpoints: { every: { epochs: 1 }, keep: 1 } };
  const training = async (folder: string, args: readonly string[]) => {
    const { child, written, ended } = start(['run', 'c.json', '--name', 'long', ...args], folder);
    await new Promise<void>((resolve, reject) => {
      child.stderr.on('data', () => {
        if (/stage "student"[^]*update \d+\//.test(written.stderr)) resolve();
      });
      void ended.then(({ stderr }) => reject(new Error(stderr)), reject);
    });
    return { child, ended };
  };

  test('an interrupted run ends with status 130 and a hint, and resumes by its name', async () => {
    const folder = await folderWith({ 'c.json': endless });
    const { child, ended } = await training(folder, ['--json']);
    child.kill('SIGINT');
    const { status, stdout, stderr } = await ended;
    expect(status).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'run/stopped', location: 'runs/long' } });
    expect(stderr).toMatch(
      /Stopping after the current update.*\nstopped on request in stage "student", after update \d+ of 400000\n.*saved in runs\/long/,
    );
    expect(stderr).toMatch(/\n {2}Continue with: node \S+temper\.mjs run c\.json --resume long\n/);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect((await readFile(join(folder, 'runs', 'long', 'metrics.jsonl'), 'utf8')).split('\n').length).toBeGreaterThan(2);

    const changed = await temper(['run', 'c.json', '--resume', 'long', '--set', 'epochs=1'], folder);
    expect(changed.status).toBe(2);
    expect(changed.stderr).toContain('stages[0].epochs: 100000 → 1');

    const steps = Number(/after update (\d+)/.exec(stderr)?.[1]);
    const epochs = Math.ceil(steps / 4) + 1;
    const resumed = await temper(
      ['run', '--resume', 'long', '--set', `stages[0].epochs=${epochs}`, '--allow', 'stages[0].epochs', '--json'],
      folder,
    );
    expect(resumed.status, resumed.stderr).toBe(0);
    expect(resumed.stderr).toMatch(new RegExp(`run "long": ${4 * epochs} updates, continues after \\d+`));
    expect(JSON.parse(resumed.stdout)).toMatchObject({ name: 'long', steps: 4 * epochs });
  });

  test('a run ends at once at the second signal', async () => {
    const { child, ended } = await training(await folderWith({ 'c.json': endless }), []);
    child.kill('SIGINT');
    child.kill('SIGTERM');
    const { status, stdout } = await ended;
    expect([130, 143]).toContain(status);
    expect(stdout).toBe('');
  });
});
