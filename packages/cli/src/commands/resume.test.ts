import { join } from 'node:path';
import { expect, test } from 'vitest';
import { small } from '../testing/small-run.js';
import { folderWith, temper } from '../testing/temper.js';

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
      if (event.type === 'checkpoint' || (event.type === 'evaluation' && event.split === 'validation')) console.error(event.type, event.step);
      if (event.type !== 'steps' || event.stage !== 'student') return;
      if (event.step === 1) run.evaluate();
      if (event.step === 2) run.save();
      if (event.step === stopAt) run.stop('seen enough');
    },
  }),
});
export default defineDistillation({ ...${JSON.stringify(small)}, plugins: [watch], reporters: [{ type: 'watch', stopAt: 5 }] });
`;

test("a reporter of one's own evaluates, saves and stops a run, which says how to go on", async () => {
  const folder = await folderWith({ 'watched.ts': watched });
  const { status, stderr } = await temper(['run', 'watched.ts', '--name', 'a'], folder);
  expect(status).toBe(1);
  // What it asks for when it is told of an update is done after that one; the epoch's own after the fourth.
  expect(stderr).toMatch(/stage "student"[^]*\nevaluation 1\n[^]*\nevaluation 4\n/);
  expect(stderr).toContain('\ncheckpoint 2\n');
  expect(stderr).toMatch(/stopped on request in stage "student", after update 5 of 8 \(seen enough\)\n.*kept in runs\/a.*\n {2}Go on with: node \S+temper\.mjs run watched\.ts --resume a\n/);
  expect(stderr).not.toMatch(/^\s+at /m);
  const withoutCode = await temper(['run', '--resume', 'a'], folder);
  expect([withoutCode.status, withoutCode.stderr]).toEqual([2, expect.stringMatching(/reporters\[0\]\.type: unknown reporter "watch".*\n {2}The config that a run keeps holds no plug-ins: name the one it was started with/)]);
  const resumed = await temper(['run', 'watched.ts', '--resume', 'a'], folder);
  expect(resumed.status, resumed.stderr).toBe(0);
  expect(resumed.stderr).toContain('run "a": 8 updates, goes on after 5\n');
});

test("where the folder's config is not that of the run, the refusal says whose it was and how to take the run's own", async () => {
  const folder = await folderWith({ 'c.json': small, 'temper.config.json': { ...small, seed: 3 } });
  expect((await temper(['run', 'c.json', '--name', 'a'], folder)).status).toBe(0);
  const { status, stderr } = await temper(['run', '--resume', 'a'], folder);
  expect(status).toBe(2);
  expect(stderr).toContain('seed: 0 → 3');
  expect(stderr).toContain('  The config was temper.config.json of this folder; that of the run itself is taken by: node ');
  expect(stderr).toContain(`temper.mjs run ${join('runs', 'a', 'config.json')} --resume a\n`);
  const own = await temper(['run', 'runs/a/config.json', '--resume', 'a'], folder);
  expect([own.status, own.stderr]).toEqual([2, expect.stringContaining('the run in runs/a is finished; there is nothing to resume')]);
});
