import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { folderWith, temper } from './testing/temper.js';

const here = import.meta.dirname;
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

test('--version and --help print to stdout and end well', async () => {
  expect(await temper(['--version'], here)).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  const help = await temper(['--help'], here);
  expect(help).toMatchObject({ status: 0, stderr: '' });
  for (const command of ['run', 'preview', 'doctor', 'schema', 'list']) expect(help.stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  const run = await temper(['run', '--help'], here);
  expect(run).toMatchObject({ status: 0, stderr: '' });
  expect(run.stdout).toContain('--set <path=value>');
});

test('nothing said is a call for help', async () => {
  const { status, stdout, stderr } = await temper([], here);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('Usage: temper');
});

describe('usage mistakes name the nearest thing that exists, with status 2', () => {
  test.each([
    [['rnu'], "unknown command 'rnu'", 'Did you mean run?'],
    [['run', '--jsno'], "unknown option '--jsno'", 'Did you mean --json?'],
    [['run', 'a.json', 'b.json'], 'too many arguments', 'add --help'],
    [['run', '--set'], "option '--set <path=value>' argument missing", 'add --help'],
    [['doctor', 'me'], 'too many arguments', 'add --help'],
    [['preview', '--steps', '0'], 'It must be a whole number from 1 to 1000000.', 'add --help'],
    [['preview', '--steps', 'many'], 'It must be a whole number', 'add --help'],
  ])('%j', async (args, message, hint) => {
    const { status, stdout, stderr } = await temper(args, here);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
    expect(stderr).toMatch(/^temper: /);
  });

  test('control characters of the command line are printed as escapes', async () => {
    for (const args of [['r\u001b[31m'], ['run', '--x\u009b31m']]) {
      const { status, stderr } = await temper(args, here);
      expect(status).toBe(2);
      for (const control of ['\u001b', '\u009b']) expect(stderr).not.toContain(control);
    }
  });

  test('with --json also as one document on stdout', async () => {
    const { status, stdout } = await temper(['run', '--json', '--nmae', 'x'], here);
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toEqual({ error: { code: 'usage', message: expect.stringContaining("unknown option '--nmae'") as string } });
  });
});

describe('an error that nobody foresaw', () => {
  const plugin = `
    import { defineSchedule } from '@temper/core';
    const broken = defineSchedule({ type: 'broken', options: () => { throw new TypeError('no such thing'); }, create: () => () => 1 });
    export default { plugins: [broken] };`;

  test('is one message that says how to report it, without a stack trace', async () => {
    const folder = await folderWith({ 'c.ts': plugin });
    const { status, stdout, stderr } = await temper(['schema', 'c.ts'], folder);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('temper: unexpected error: TypeError: no such thing');
    expect(stderr).toContain('TEMPER_DEBUG=1');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('shows where it happened with TEMPER_DEBUG=1', async () => {
    const folder = await folderWith({ 'c.ts': plugin });
    const { stderr } = await temper(['schema', 'c.ts'], folder, { TEMPER_DEBUG: '1' });
    expect(stderr).toMatch(/^\s+at .*c\.ts/m);
  });
});

test('colours only on a terminal, or where they are asked for', async () => {
  expect((await temper(['rnu'], here)).stderr).not.toContain('\x1b[');
  expect((await temper(['rnu'], here, { FORCE_COLOR: '1', NO_COLOR: '' })).stderr).toContain('\x1b[31m');
  expect((await temper(['rnu'], here, { FORCE_COLOR: '1', NO_COLOR: '1' })).stderr).not.toContain('\x1b[');
});
