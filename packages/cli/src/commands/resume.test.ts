import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { small } from '../testing/small-run.js';
import { quick } from '../testing/quick.js';
import { folderWith } from '../testing/temper.js';

/** Own code in a config: a reporter that asks for more, and stops the run at one update. */
const watched = `
import { defineDistillation } from '@temper/cli';
import { defineReporter } from '@temper/core';
import { z } from 'zod';
const watch = defineReporter({
  type: 'watch',
  options: z.strictObject({ stopAt: z.int() }),
  create: ({ stopAt }) => ({
    name: 'watch',
    report(event, run) {
      const isValidation = event.type === 'evaluation' && event.split === 'validation';
      if (event.type === 'checkpoint' || isValidation) console.error(event.type, event.step);
      if (event.type !== 'steps' || event.stage !== 'student') return;
      if (event.step === 1) run.evaluate();
      if (event.step === 2) run.save();
      if (event.step === stopAt) run.stop('seen enough');
    },
  }),
});
export default defineDistillation({ ...${JSON.stringify(small)}, plugins: [watch], reporters: [{ type: 'watch', stopAt: 5 }] });
`;

test('a reporter of a config evaluates, saves and stops a run with a hint to resume', async () => {
  const folder = await folderWith({ 'watched.ts': watched });
  const { status, stderr } = await quick(['run', 'watched.ts', '--name', 'a'], folder);
  expect(status).toBe(1);
  // What it asks for when it is told of an update is done after that one; the epoch's own after the fourth.
  expect(stderr).toMatch(/stage "student"[^]*\nevaluation 1\n[^]*\nevaluation 4\n/);
  expect(stderr).toContain('\ncheckpoint 2\n');
  expect(stderr).toMatch(/stopped on request in stage "student", after update 5 of 8 \(seen enough\)\n.*saved in runs\/a.*\n/);
  expect(stderr).toMatch(/\n {2}Continue with: node \S+temper\.mjs run watched\.ts --resume a\n/);
  expect(stderr).not.toMatch(/^\s+at /m);
  const withoutCode = await quick(['run', '--resume', 'a'], folder);
  expect(withoutCode.status).toBe(2);
  expect(withoutCode.stderr).toMatch(
    /reporters\[0\]\.type: unknown reporter "watch".*\n {2}The saved config of a run contains no plug-ins/,
  );
  expect(withoutCode.stderr).toContain('name the config that it was started with');
  const resumed = await quick(['run', 'watched.ts', '--resume', 'a'], folder);
  expect(resumed.status, resumed.stderr).toBe(0);
  expect(resumed.stderr).toContain('run "a": 8 updates, continues after 5\n');
});

test('a resume with another config is refused with its source and a remedy', async () => {
  const folder = await folderWith({ 'c.json': small, 'temper.config.json': { ...small, seed: 3 } });
  expect((await quick(['run', 'c.json', '--name', 'a'], folder)).status).toBe(0);
  const { status, stderr } = await quick(['run', '--resume', 'a'], folder);
  expect(status).toBe(2);
  expect(stderr).toContain('seed: 0 → 3');
  expect(stderr).toContain('  The config was temper.config.json of this folder; use the config of the run itself with: node ');
  expect(stderr).toContain(`temper.mjs run ${join('runs', 'a', 'config.json')} --resume a\n`);
  const own = await quick(['run', 'runs/a/config.json', '--resume', 'a'], folder);
  expect([own.status, own.stderr]).toEqual([2, expect.stringContaining('the run in runs/a is finished; there is nothing to resume')]);
});

test('a run with its config in another folder is resumed and evaluated on its data', async () => {
  const lines = Array.from({ length: 60 }, (_, i) => `${i % 3},${i % 7},${i % 3 === 0 ? 'a' : 'b'}`);
  const folder = await folderWith();
  await mkdir(join(folder, 'one'));
  await writeFile(join(folder, 'one', 'x.csv'), ['p,q,kind', ...lines].join('\n'));
  const config = { ...small, data: { type: 'csv', path: 'x.csv', label: 'kind' }, epochs: 1, batchSize: 16 };
  await writeFile(join(folder, 'one', 'c.json'), JSON.stringify(config));
  expect((await quick(['run', 'one/c.json', '--name', 'a'], folder)).status).toBe(0);
  const more = ['--set', 'stages[0].epochs=2', '--allow', 'stages'];
  for (const args of [
    ['--resume', 'a'],
    ['runs/a/config.json', '--resume', 'a', '--set', 'stages[0].epochs=3'],
    ['one/c.json', '--resume', 'a', '--set', 'epochs=4'],
  ]) {
    const set = args.includes('--set') ? ['--allow', 'stages'] : more;
    const { status, stderr } = await quick(['run', ...args, ...set], folder);
    expect([args.join(' '), status, stderr]).toEqual([args.join(' '), 0, expect.stringContaining('run "a"')]);
  }
  const judged = await quick(['evaluate', 'a'], folder);
  expect([judged.status, judged.stdout]).toEqual([0, expect.stringContaining('on 12 samples of the data of runs/a, test part')]);
  const named = await quick(['evaluate', 'a', '--data', 'one/x.csv'], folder);
  expect([named.status, named.stdout]).toEqual([0, expect.stringContaining('on 12 samples of one/x.csv, test part')]);
});

test('a run that stops early names the temperature of a loss as in the config', async () => {
  const soft = { type: 'kl', temperature: { type: 'linear', from: 9, to: 1 } };
  const losses = { hard: { type: 'cross-entropy' }, soft };
  const config = { ...small, temperature: 3, losses, epochs: 5, earlyStopping: { metric: 'accuracy', below: 0.99 } };
  const { status, stdout, stderr } = await quick(['run', 'c.json'], await folderWith({ 'c.json': config }));
  expect([status, stdout]).toEqual([0, expect.stringContaining('losses.soft.temperature reached ')]);
  expect(stderr).not.toContain('temperature.value');
});

test('changed data of a stage are refused with an --allow data that works', async () => {
  const rows = (x: number): string =>
    ['p,q,kind', ...Array.from({ length: 60 }, (_, i) => `${i % 3},${i === 7 ? x : i % 7},${i % 3 === 0 ? 'a' : 'b'}`)].join('\n');
  const own = { type: 'csv', path: 'own.csv', label: 'kind' };
  const stages = [{ epochs: 1 }, { epochs: 2, data: own }];
  const { epochs: _, ...rest } = small;
  const config = { ...rest, data: { ...own, path: 'x.csv' }, batchSize: 16, stages };
  const folder = await folderWith({ 'c.json': config, 'x.csv': rows(1), 'own.csv': rows(1) });
  expect((await quick(['run', 'c.json', '--name', 'a'], folder)).status).toBe(0);
  await writeFile(join(folder, 'own.csv'), rows(9));
  const longer = ['run', 'c.json', '--resume', 'a', '--set', 'stages[1].epochs=3', '--allow', 'stages[1].epochs'];
  const refused = await quick(longer, folder);
  expect([refused.status, refused.stderr]).toEqual([
    2,
    expect.stringContaining('stages[1].data: other samples or labels, in the same number'),
  ]);
  const allowed = await quick([...longer, '--allow', 'data'], folder);
  expect(allowed.status, allowed.stderr).toBe(0);
});
