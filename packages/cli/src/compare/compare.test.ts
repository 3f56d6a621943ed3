import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isLong } from '../../../../fixtures/long.js';
import { compareFolder } from '../testing/compare-folder.js';

const { path, write, compare } = compareFolder();
const figures = (text: string): unknown => ({ ...(JSON.parse(text) as object), root: undefined });

describe('compare', () => {
  test('compare gives the same figures with one worker and with two, killed and resumed', async () => {
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

  test('compare stops at a signal with a hint, and resumes', async () => {
    write('temper.compare.json', { seeds: 2, variants: { 'T = 4': { temperature: 4 } }, studentAlone: false });
    let asked = false;
    const stopped = await compare(['--json'], (line, pid) => {
      if (!line.startsWith('2 of 3') || asked) return;
      asked = true;
      process.kill(pid, 'SIGINT');
    });
    expect(stopped.status).toBe(130);
    expect(stopped.err).toContain('The same command goes on with the rest.');
    const rest = await compare(['--json']);
    expect(rest.status).toBe(0);
  }, 240_000);

  test('compare halves a grid within its budget, to the same figures after a kill', async () => {
    const [budget, sample, fullCost] = isLong ? [9, 6, 14] : [7, 4, 10];
    const halved = {
      seeds: 2,
      budget,
      teacher: 'per seed',
      grid: { temperature: [1, 2, 4, 8], batchSize: [50, 100] },
      sample,
    };
    write('temper.compare.json', halved);
    const whole = await compare(['--json', '--workers', '1', '--name', 'whole', '--results', 'RESULTS.md']);
    expect([whole.status, whole.err]).toEqual([0, expect.stringContaining('teacher/seed-2')]);
    const { halving } = JSON.parse(whole.out) as {
      halving: { cost: number; fullCost: number; rounds: { kept: string[]; dropped: object[] }[] };
    };
    expect(halving).toMatchObject({ budget, fullCost });
    expect(halving.cost).toBeLessThanOrEqual(budget);
    expect(halving.rounds[0]?.dropped[0]).toMatchObject({
      why: expect.stringMatching(new RegExp(`^\\d(st|nd|rd|th) of ${sample}$`)) as string,
    });
    let killed = false;
    await compare(['--json', '--workers', '2', '--name', 'killed'], (line, pid) => {
      if (!/round-1 {2}\d/.test(line) || killed) return;
      killed = true;
      process.kill(pid, 'SIGKILL');
    });
    expect(killed).toBe(true);
    const rest = await compare(['--json', '--workers', '2', '--name', 'killed']);
    expect(figures(rest.out)).toEqual(figures(whole.out));
    const page = readFileSync(join(path(), 'RESULTS.md'), 'utf8');
    expect(page).toContain('| variant | seeds | accuracy |');
    expect(page).toMatch(/compare --name whole --results RESULTS\.md/);
    expect(page).toContain(`complete runs; all variants with all seeds would take ${fullCost}`);
  }, 240_000);

  test('compare survives a crashed worker, names its run and repeats it on request', async () => {
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
      export default { plugins: [crash], reporters: [{ type: 'crash' }], ...${readFileSync(join(path(), 'temper.config.json'), 'utf8')} };`,
    );
    write('temper.compare.json', { config: 'temper.config.mjs', seeds: 2, variants: { 'T = 4': { temperature: 4 } }, studentAlone: false });
    const crashed = await compare([]);
    expect(crashed.status).toBe(1);
    expect(crashed.err).toMatch(/t-4\/seed-2 failed: its process ended by SIGKILL/);
    expect(crashed.out).toContain('T = 4');
    expect((await compare([])).status).toBe(0);
    rmSync(join(path(), 'crashed'));
    const retried = await compare(['--name', 'again', '--retry', '1']);
    expect(retried.err).toContain('t-4/seed-2 failed and is tried again: its process ended by SIGKILL');
    expect(retried.status).toBe(0);
  }, 240_000);
});
