import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { folderWith, temper } from './testing/temper.js';

const here = import.meta.dirname;
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

test('--version and --help print to stdout with status 0', async () => {
  expect(await temper(['--version'], here)).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  const help = await temper(['--help'], here);
  expect(help).toMatchObject({ status: 0, stderr: '' });
  for (const command of ['run', 'preview', 'doctor', 'schema', 'list']) expect(help.stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  const run = await temper(['run', '--help'], here);
  expect(run).toMatchObject({ status: 0, stderr: '' });
  expect(run.stdout).toContain('--set <path=value>');
});

test('temper without arguments prints its usage with status 2', async () => {
  const { status, stdout, stderr } = await temper([], here);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('Usage: temper');
});

describe('mistakes of usage', () => {
  test.each([
    [['rnu'], "unknown command 'rnu'", 'Did you mean run?'],
    [['run', '--jsno'], "unknown option '--jsno'", 'Did you mean --json?'],
    [['run', 'a.json', 'b.json'], 'too many arguments', 'add --help'],
    [['run', '--set'], "option '--set <path=value>' argument missing", 'add --help'],
    [['doctor', 'me'], 'too many arguments', 'add --help'],
    [['preview', '--steps', '0'], 'It must be a whole number from 1 to 1000000.', 'add --help'],
    [['preview', '--steps', 'many'], 'It must be a whole number', 'add --help'],
  ])('%j is refused with status 2 and the nearest name', async (args, message, hint) => {
    const { status, stdout, stderr } = await temper(args, here);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
    expect(stderr).toMatch(/^temper: /);
  });

  test('control characters of the command line are printed as escape sequences', async () => {
    for (const args of [['r\u001b[31m'], ['run', '--x\u009b31m']]) {
      const { status, stderr } = await temper(args, here);
      expect(status).toBe(2);
      for (const control of ['\u001b', '\u009b']) expect(stderr).not.toContain(control);
    }
  });

  test('mistakes of usage are also a JSON document on stdout with --json', async () => {
    const { status, stdout } = await temper(['run', '--json', '--nmae', 'x'], here);
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toEqual({ error: { code: 'usage', message: expect.stringContaining("unknown option '--nmae'") as string } });
  });
});

describe('unexpected errors', () => {
  const plugin = `
    import { defineSchedule } from '@temper/core';
    const broken = defineSchedule({ type: 'broken', options: () => { throw new TypeError('no such thing'); }, create: () => () => 1 });
    export default { plugins: [broken] };`;

  test('an unexpected error is one message on how to report it, without a stack trace', async () => {
    const folder = await folderWith({ 'c.ts': plugin });
    const { status, stdout, stderr } = await temper(['schema', 'c.ts'], folder);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('temper: unexpected error: TypeError: no such thing');
    expect(stderr).toContain('TEMPER_DEBUG=1');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('an unexpected error shows its stack trace with TEMPER_DEBUG=1', async () => {
    const folder = await folderWith({ 'c.ts': plugin });
    const { stderr } = await temper(['schema', 'c.ts'], folder, { TEMPER_DEBUG: '1' });
    expect(stderr).toMatch(/^\s+at .*c\.ts/m);
  });
});

test('messages have colours only on a terminal or on request', async () => {
  expect((await temper(['rnu'], here)).stderr).not.toContain('\x1b[');
  expect((await temper(['rnu'], here, { FORCE_COLOR: '1', NO_COLOR: '' })).stderr).toContain('\x1b[31m');
  expect((await temper(['rnu'], here, { FORCE_COLOR: '1', NO_COLOR: '1' })).stderr).not.toContain('\x1b[');
});
