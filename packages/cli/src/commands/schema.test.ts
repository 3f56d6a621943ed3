import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { quick } from '../testing/quick.js';
import { folderWith } from '../testing/temper.js';

const own = `
  import { defineSchedule } from '@temper/core';
  import { schedules } from '@temper/schedules';
  import { z } from 'zod';
  import { every } from './every';
  const halving = defineSchedule({
    type: 'halving' as const,
    options: z.strictObject({ from: z.number(), every: z.int().min(every) }),
    create: ({ from, every }) => ({ step }) => from / 2 ** Math.floor(step / every),
  });
  export default { plugins: [schedules, halving] };`;

test('schema prints the JSON Schema of a run for the standard kit', async () => {
  const { status, stdout, stderr } = await quick(['schema'], await folderWith());
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const schema = JSON.parse(stdout) as { $schema: string; properties: object };
  expect(schema.$schema).toContain('2020-12');
  expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['data', 'teacher', 'student', 'temperature', 'stages']));
  expect(stdout).toContain('"const": "linear"');
  expect(stdout).not.toContain('"const": "halving"');
});

test('schema includes the plug-ins of a TypeScript config once each', async () => {
  const folder = await folderWith({ 'temper.config.ts': own, 'every.ts': 'export const every: number = 1;' });
  const { status, stdout, stderr } = await quick(['schema', 'temper.config.ts'], folder);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('"const": "halving"');
});

const command = `"${process.execPath}" "${fileURLToPath(new URL('../../bin/temper.mjs', import.meta.url))}"`;

test('schema ends normally when its reader closes the pipe', () => {
  expect(execFileSync('sh', ['-c', `${command} schema | head -c 1`], { encoding: 'utf8' })).toBe('{');
});

test.runIf(existsSync('/dev/full'))('schema reports a full disk in one message with status 1', () => {
  const { status, stderr } = spawnSync('sh', ['-c', `${command} schema > /dev/full`], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^temper: the output cannot be written: ENOSPC/);
});
