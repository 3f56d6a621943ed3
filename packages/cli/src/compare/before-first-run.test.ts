import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compareFolder } from '../testing/compare-folder.js';
import { quick } from '../testing/quick.js';

const { path, write, compare } = compareFolder();

describe('checks before the first run', () => {
  test.each([
    ['a variant that cannot run', { variants: { hot: { 'temperature.form': 20 } } }, 'variants.hot.temperature'],
    [
      'a grid of 100,000',
      { grid: { epochs: Array.from({ length: 100_000 }, (_, i) => i + 1) } },
      'grid: makes 100,000 variants, more than 1,000',
    ],
    [
      'a metric that is not measured',
      { metric: 'accurcy', variants: { a: {} } },
      'metric: unknown metric "accurcy"; did you mean "accuracy"?',
    ],
    [
      'a variant whose metric is another',
      { metric: 'nll', variants: { a: { metrics: [{ type: 'accuracy' }] } } },
      'variants.a.metric: unknown metric "nll"',
    ],
    [
      'a variant whose network does not fit',
      { variants: { a: { 'student.model': { type: 'cnn', channels: [2, 2, 2, 2, 2, 2] } } } },
      'variants.a: student (cnn): a kernel of 3×3 is larger',
    ],
    ['a budget that is too small', { budget: 1, seeds: 2, variants: { a: {}, b: {} } }, 'budget: is 1 complete runs, and the cheapest'],
    ['a sample without a grid', { sample: 2, variants: { a: {} } }, 'sample: takes combinations of a grid'],
    ['an unknown option', { variant: {} }, 'unknown option "variant"; did you mean "variants"?'],
    ['no seeds', { seeds: 0, variants: { a: {} } }, 'seeds'],
    ['a config that does not exist', { config: 'none.json', variants: { a: {} } }, 'none.json: there is no such file'],
  ])('compare refuses %s', async (_, comparison, message) => {
    write('temper.compare.json', comparison);
    const { status, stderr } = await quick(['compare'], path());
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
    expect(status).toBe(2);
    expect(existsSync(join(path(), 'runs'))).toBe(false);
  });

  test('compare refuses to mix runs of different configs and names a remedy', async () => {
    write('temper.compare.json', { seeds: 1, variants: { 'T = 4': { temperature: 4 } }, studentAlone: false });
    expect((await compare([])).status).toBe(0);
    write('temper.compare.json', { seeds: 1, variants: { 'T = 4': { temperature: 5 } }, studentAlone: false });
    const { status, err } = await compare([]);
    expect(status).toBe(2);
    expect(err).toContain('holds runs of another config: t-4/seed-1 has changed since');
    expect(readdirSync(join(path(), 'runs'))).toEqual(['comparison']);
  });

  test('compare finds the built-in comparison, and each of its variants is valid', async () => {
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

  test('compare explains what to write when there is no comparison', async () => {
    rmSync(join(path(), 'temper.compare.json'));
    const { status, stderr } = await quick(['compare'], path());
    expect(status).toBe(2);
    expect(stderr).toContain('temper.compare.json');
  });
});
