import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';

/** A compiled set-up that ends as `SETUP` says, in the environment of the test. */
const setupStub = `
export async function setupBackend({ force, report }) {
  report('setting up' + (force ? ' by force' : ''));
  if (process.env.SETUP !== 'fails') return { native: true, problems: [] };
  return { native: false, problems: [new Error('no compiler\\n  apt install g++')] };
}`;
const printerStub = `
export const createSetupPrinter = (output) => (text) => output.write(text + '\\n');
export const describeSetup = ({ native, problems }) => {
  const lines = problems.map(({ message }) => '- ' + message);
  return native ? 'it works' : ['it could not be set up', ...lines].join('\\n');
};`;
const vitestStub = `
import { writeFileSync } from 'node:fs';
const file = process.argv.find((arg) => arg.startsWith('--outputFile.json=')).split('=')[1];
console.log('vitest ' + process.argv.slice(2).filter((word) => !/^--(reporter|outputFile)/.test(word)).join(' '));
if (process.env.RESULTS) writeFileSync(file, process.env.RESULTS);
process.exitCode = Number(process.env.STATUS ?? 0);`;

/** A repository with these scripts, where every program that they start is a small one that says so. */
function repository() {
  const root = mkdtempSync(join(tmpdir(), 'temper-scripts-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const write = (name: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text, { mode });
  };
  cpSync(fileURLToPath(new URL('.', import.meta.url)), join(root, 'scripts'), { recursive: true });
  write('package.json', JSON.stringify({ type: 'module', packageManager: 'pnpm@12.21.0' }));
  write('pnpm-workspace.yaml', 'packages:\n  - packages/*\n  - docs\n');
  write('pnpm-lock.yaml', 'lock\n');
  write('packages/tensorflow/package.json', '{ "type": "module" }');
  write('packages/tensorflow/dist/setup/setup-backend.js', setupStub);
  write('packages/tensorflow/dist/setup/printer.js', printerStub);
  write('examples/digits/main.mjs', "console.log('digits ' + process.argv.slice(2)); process.exitCode = Number(process.env.STATUS ?? 0);");
  write('bin/npx', '#!/bin/sh\necho "npx $*" >> calls; exit ${NPX_STATUS:-0}\n', 0o755);
  // What an installation would bring.
  write('node_modules/typescript/bin/tsc', "console.log('compiling'); process.exitCode = Number(process.env.TSC_STATUS ?? 0);");
  write('node_modules/vitest/vitest.mjs', vitestStub);
  const run = (script: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}, nodeArgs: readonly string[] = []) => {
    const { CI: _, ...rest } = process.env;
    const path = [join(root, 'bin'), '/usr/bin', '/bin'].join(delimiter);
    return spawnSync(process.execPath, [...nodeArgs, join(root, 'scripts', script), ...args], {
      encoding: 'utf8',
      env: { ...rest, PATH: path, ...env },
    });
  };
  const calls = (): string[] => (existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8').trim().split('\n') : []);
  return { root, write, run, calls };
}

const usePnpm = (version: string): string => `#!/bin/sh\n[ "$1" = --version ] && echo ${version} && exit 0\necho "pnpm $*" >> calls\n`;

describe('prepare', () => {
  test('prepare installs with the pinned pnpm and again only when packages changed', () => {
    const { write, run, calls } = repository();
    const first = run('prepare.mjs');
    expect(first.stderr).toBe('Installing packages\ncompiling\nsetting up\nit works\n');
    expect(first).toMatchObject({ status: 0, stdout: '' });
    expect(run('prepare.mjs', ['--force']).stderr).toContain('setting up by force');
    expect(calls()).toEqual([expect.stringMatching(/^npx --yes pnpm@12\.21\.0 install/)]);
    write('packages/tensorflow/package.json', '{ "type": "module", "version": "2" }');
    run('prepare.mjs');
    write('pnpm-lock.yaml', 'another lock\n');
    run('prepare.mjs');
    run('prepare.mjs');
    expect(calls()).toHaveLength(3);
  });

  test.each([
    ['12.99.1', 'pnpm install'],
    ['9.1.0', 'npx --yes pnpm@12.21.0 install'],
  ])('prepare with pnpm %s on the machine runs %s', (version, call) => {
    const { write, run, calls } = repository();
    write('bin/pnpm', usePnpm(version), 0o755);
    expect(run('prepare.mjs').status).toBe(0);
    expect(calls()).toEqual([expect.stringContaining(call)]);
  });

  test('prepare reports a failed installation with status 2 and tries it again', () => {
    const { run, calls } = repository();
    const { status, stderr } = run('prepare.mjs', [], { NPX_STATUS: '1' });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^Installing packages\nThe packages could not be installed[^\n]+\n$/);
    run('prepare.mjs');
    expect(calls()).toHaveLength(2);
  });

  test('prepare reports a missing npx', () => {
    const { run } = repository();
    const { status, stderr } = run('prepare.mjs', [], { PATH: '/nowhere' });
    expect([status, stderr]).toEqual([2, 'Installing packages\nnpx was not found on the PATH; it comes with Node.\n']);
  });

  test('prepare refuses an old Node before it changes anything', () => {
    const { root, write, run, calls } = repository();
    write('old.cjs', "Object.defineProperty(process.versions, 'node', { value: '20.18.3' });");
    const { status, stderr } = run('prepare.mjs', [], {}, ['--require', join(root, 'old.cjs')]);
    expect([status, stderr, calls().length]).toEqual([2, 'Node 20.18.3 is too old; Temper needs Node 20.19 or later.\n', 0]);
  });

  test('prepare stops at sources that do not compile, and not at type errors alone', () => {
    const { run } = repository();
    expect(run('prepare.mjs', [], { TSC_STATUS: '1' })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('do not compile') as string,
    });
    expect(run('prepare.mjs', [], { TSC_STATUS: '2' }).status).toBe(0);
  });

  test('prepare ends with status 2 and a remedy when there is no native backend', () => {
    const { status, stderr } = repository().run('prepare.mjs', [], { SETUP: 'fails' });
    expect(status).toBe(2);
    expect(stderr).toContain('it could not be set up\n- no compiler\n  apt install g++\n');
  });
});

describe('start', () => {
  test('start runs the digits example with the given arguments and ends with its status', () => {
    const { run } = repository();
    expect(run('start.mjs', ['--size', '100'])).toMatchObject({ status: 0, stdout: 'digits --size,100\n' });
    expect(run('start.mjs', [], { STATUS: '3' }).status).toBe(3);
  });

  test('start warns and continues without the native backend', () => {
    const { status, stdout, stderr } = repository().run('start.mjs', [], { SETUP: 'fails' });
    expect([status, stdout]).toEqual([0, 'digits \n']);
    expect(stderr).toContain('no compiler');
  });
});

describe('test', () => {
  const passed = { status: 'passed', assertionResults: [{}] };
  const results = (counts: object, testResults: readonly object[] = [passed]): string =>
    JSON.stringify({ numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults, ...counts });

  test.each([
    ['all pass', results({ numPassedTests: 5 }), '0', '5 passed, 0 failed'],
    [
      'some fail or are skipped',
      results({ numPassedTests: 5, numFailedTests: 2, numPendingTests: 1, numTodoTests: 1 }),
      '1',
      '5 passed, 2 failed, 2 skipped',
    ],
    [
      'a file does not load',
      results({ numPassedTests: 5 }, [passed, { status: 'failed', assertionResults: [] }]),
      '1',
      '5 passed, 1 failed',
    ],
    ['an error lies outside of any test', results({ numPassedTests: 5 }), '1', '5 passed, 1 failed'],
    ['vitest ends before it has results', '', '1', '0 passed, 1 failed'],
  ])('test reports in its last line and its status when %s', (_name, RESULTS, STATUS, line) => {
    const { status, stdout } = repository().run('test.mjs', ['packages/core', 'tensorflow'], { RESULTS, STATUS });
    expect(stdout).toBe(`vitest run packages/core --project tensorflow --project tensorflow-alone\n${line}\n`);
    expect(status).toBe(Number(STATUS));
  });
});

describe('fuzz', () => {
  const withTargets = () => {
    const made = repository();
    for (const name of ['csv', 'idx', 'valid-configs']) made.write(`packages/cli/src/testing/fuzz/${name}.test.ts`, '');
    made.write(
      'node_modules/vitest/vitest.mjs',
      "console.log(process.argv.slice(2).join(' '), process.env.TEMPER_FUZZ); process.exitCode = Number(process.env.STATUS ?? 0);",
    );
    return made;
  };
  const fileOf = (name: string): string => `packages/cli/src/testing/fuzz/${name}.test.ts`;

  test.each([
    [[], ['csv', 'idx'], { seed: 1, from: 0, count: 50_000 }],
    [['--', 'csv', '--seed', '7', '--from', '100', '--count', '20'], ['csv'], { seed: 7, from: 100, count: 20 }],
    [['idx', '--seed', '7', '--only', '1234'], ['idx'], { seed: 7, from: 1234, count: 1 }],
  ])('fuzz runs the targets and attempts that %j names', (args, targets, options) => {
    const { stdout, status } = withTargets().run('fuzz.mjs', args, { STATUS: '1' });
    expect(stdout).toBe(`run --project cli ${targets.map(fileOf).join(' ')} ${JSON.stringify(options)}\n`);
    expect(status).toBe(1);
  });

  test.each([
    [['cvs'], 'There is no target cvs. There are csv, idx.'],
    [['--seed', 'x'], '--seed must be a whole number of at most nine digits, got "x".'],
    [['--many'], "Unknown option '--many'"],
  ])('fuzz refuses %j with status 2', (args, message) => {
    const { stderr, status } = withTargets().run('fuzz.mjs', args);
    expect(stderr).toContain(message);
    expect(stderr).toContain('npm run fuzz -- [TARGET …]');
    expect(status).toBe(2);
  });
});
