import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const temper = fileURLToPath(new URL('../../bin/temper.mjs', import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'temper-compare-'));
  write('temper.config.json', {
    data: { type: 'digits', train: 200, validation: 100, test: 100 },
    teacher: { model: { type: 'mlp', hidden: [32] }, train: { epochs: 2 } },
    student: { model: { type: 'mlp', hidden: [8] } },
    epochs: 3,
  });
  write('temper.compare.json', {
    seeds: 2,
    variants: { 'T = 4': { temperature: 4 }, falling: { temperature: { type: 'linear', from: 20, to: 1 } } },
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: unknown): void =>
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command in the folder; `watch` hears every line of stderr. */
function compare(args: readonly string[], watch: (line: string, pid: number) => void = () => undefined): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [temper, 'compare', ...args], { cwd: folder });
    let [out, err] = ['', ''];
    child.stdout.on('data', (text: Buffer) => (out += text.toString()));
    child.stderr.on('data', (text: Buffer) => {
      err += text.toString();
      text
        .toString()
        .split('\n')
        .forEach((line) => watch(line, child.pid as number));
    });
    child.on('close', (status) => resolve({ status, out, err }));
  });
}
const figures = (text: string): unknown => ({ ...(JSON.parse(text) as object), root: undefined });

describe('a comparison', () => {
  test('gives the same figures with one worker and with two, killed in the middle and resumed or not', async () => {
    const whole = await compare(['--json', '--workers', '1', '--name', 'whole']);
    expect(whole.err).toMatch(/7 of 7 {2}falling\/seed-2/);
    expect(whole.status).toBe(0);
    expect(figures(whole.out)).toMatchObject({
      baseline: 'student alone',
      variants: [{ name: 'student alone', seeds: [1, 2] }, { name: 'T = 4' }, { name: 'falling', pairs: { n: 2 } }],
      failed: [],
    });
    let killed = false;
    const first = await compare(['--json', '--workers', '2', '--name', 'killed'], (line, pid) => {
      if (!line.startsWith('3 of 7') || killed) return;
      killed = true;
      process.kill(pid, 'SIGKILL');
    });
    expect(first.status).toBeNull();
    const rest = await compare(['--json', '--workers', '2', '--name', 'killed']);
    expect(rest.err.match(/was done/g)?.length).toBeGreaterThanOrEqual(3);
    expect(figures(rest.out)).toEqual(figures(whole.out));
    const text = await compare(['--name', 'whole']);
    expect(text.out).toMatch(/\* .*\n/);
    expect(text.out).toContain('test data: accuracy of the variant chosen on validation data (*)');
  }, 240_000);

  test('stops at a signal, says how to go on, and goes on', async () => {
    let asked = false;
    const stopped = await compare(['--json'], (line, pid) => {
      if (!line.startsWith('2 of 7') || asked) return;
      asked = true;
      process.kill(pid, 'SIGINT');
    });
    expect(stopped.status).toBe(130);
    expect(stopped.err).toContain('The same command goes on with the rest.');
    const rest = await compare(['--json']);
    expect(rest.status).toBe(0);
  }, 240_000);

  test('goes on when a worker crashes, names the run, and makes it again when asked again', async () => {
    write(
      'temper.config.mjs',
      `
      import { defineReporter } from '@temper/core';
      import { existsSync, writeFileSync } from 'node:fs';
      import { z } from 'zod';
      const crash = defineReporter({ type: 'crash', options: z.object({}), create: () => ({ name: 'crash', report(event) {
        if (event.type !== 'run-start' || event.name !== 'seed-2' || event.config.temperature === 1 || existsSync('crashed')) return;
        writeFileSync('crashed', '');
        process.kill(process.pid, 'SIGKILL');
      } }) });
      export default { plugins: [crash], reporters: [{ type: 'crash' }], ...${readFileSync(join(folder, 'temper.config.json'), 'utf8')} };`,
    );
    write('temper.compare.json', { config: 'temper.config.mjs', seeds: 2, variants: { 'T = 4': { temperature: 4 } }, studentAlone: false });
    const crashed = await compare([]);
    expect(crashed.status).toBe(1);
    expect(crashed.err).toMatch(/t-4\/seed-2 failed: its process ended by SIGKILL/);
    expect(crashed.out).toContain('T = 4');
    expect((await compare([])).status).toBe(0);
  }, 240_000);
});

describe('before the first run', () => {
  test.each([
    ['a variant that cannot run', { variants: { hot: { 'temperature.form': 20 } } }, 'variants.hot.temperature'],
    [
      'a grid of 100,000',
      { grid: { epochs: Array.from({ length: 100_000 }, (_, i) => i + 1) } },
      'grid: makes 100,000 variants, more than 1,000',
    ],
    ['an unknown option', { variant: {} }, 'unknown option "variant"; did you mean "variants"?'],
    ['no seeds', { seeds: 0, variants: { a: {} } }, 'seeds'],
    ['a config that is not there', { config: 'none.json', variants: { a: {} } }, 'none.json: there is no such file'],
  ])('refuses %s', async (_, comparison, message) => {
    write('temper.compare.json', comparison);
    const { status, err } = await compare([]);
    expect(err).toContain(message);
    expect(err).not.toContain('    at ');
    expect(status).toBe(2);
    expect(existsSync(join(folder, 'runs'))).toBe(false);
  });

  test('refuses to mix runs of another config, and says what to do', async () => {
    write('temper.compare.json', { seeds: 1, variants: { 'T = 4': { temperature: 4 } }, studentAlone: false });
    expect((await compare([])).status).toBe(0);
    write('temper.compare.json', { seeds: 1, variants: { 'T = 4': { temperature: 5 } }, studentAlone: false });
    const { status, err } = await compare([]);
    expect(status).toBe(2);
    expect(err).toContain('holds runs of another config: t-4/seed-1 has changed since');
    expect(readdirSync(join(folder, 'runs'))).toEqual(['comparison']);
  });

  test('knows the comparison that Temper brings, and every variant of it can run', async () => {
    const unknown = await compare(['--builtin', 'schedule-vs-constants']);
    expect(unknown.err).toContain('unknown comparison "schedule-vs-constants"; did you mean "schedule-vs-constant"?');
    const two = await compare(['temper.compare.json', '--builtin', 'schedule-vs-constant']);
    expect([two.status, two.err]).toEqual([2, expect.stringContaining('are two comparisons')]);
    // All variants are checked before the first run, which this one ends.
    let asked = false;
    const { err, status } = await compare(['--builtin', 'schedule-vs-constant', '--seeds', '1'], (line, pid) => {
      if (!line.startsWith('1 of ') || asked) return;
      asked = true;
      process.kill(pid, 'SIGINT');
    });
    expect(err).toContain('1 of 17  teacher/seed-0');
    expect(status).toBe(130);
  }, 240_000);

  test('says what to write where there is no comparison', async () => {
    rmSync(join(folder, 'temper.compare.json'));
    const { status, err } = await compare([]);
    expect(status).toBe(2);
    expect(err).toContain('temper.compare.json');
  });
});
