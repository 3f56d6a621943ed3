import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compareFolder } from '../testing/compare-folder.js';
import { quick } from '../testing/quick.js';

const { path, write, compare } = compareFolder();

test('a report of a comparison has its conclusions, its variants in one color each, and seeds as points', async () => {
  write('temper.compare.json', { name: 'mine', seeds: 2, variants: { 'T = <4>': { temperature: 4 }, 'T = 1': { temperature: 1 } } });
  const ended = await compare([]);
  expect([ended.status, ended.out]).toEqual([0, expect.stringContaining(`report ${join('runs', 'mine')}`)]);
  const { status, stdout, stderr } = await quick(['report', 'mine', '--json'], path());
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('note:')]);

  const root = join(path(), 'runs', 'mine');
  const judged = JSON.parse(readFileSync(join(root, 'summary.json'), 'utf8')) as {
    variants: { name: string; mean: number }[];
    chosen: { name: string; test: { mean: number } };
    baseline: string;
  };
  const summary = JSON.parse(stdout) as {
    comparison: object;
    groups: { name: string; validation: Record<string, { mean: number }>; test?: Record<string, { mean: number }>; runs: object[] }[];
  };
  expect(summary.comparison).toMatchObject({ chosen: judged.chosen.name, baseline: judged.baseline });
  expect(summary.groups.map(({ name, runs }) => [name, runs.length])).toEqual([
    ['student alone', 2],
    ['T = <4>', 2],
    ['T = 1', 2],
  ]);
  // The same figures as the comparison, and test data of those alone that it has looked at.
  for (const [i, { mean }] of judged.variants.entries()) expect(summary.groups[i]?.validation['accuracy']?.mean).toBeCloseTo(mean, 12);
  const seen = summary.groups.filter((group) => group.test !== undefined).map(({ name }) => name);
  expect(new Set(seen)).toEqual(new Set([judged.chosen.name, judged.baseline]));
  expect(summary.groups.find(({ name }) => name === judged.chosen.name)?.test?.['accuracy']?.mean).toBeCloseTo(judged.chosen.test.mean, 12);

  const page = readFileSync(join(root, 'report', 'report.html'), 'utf8');
  for (const part of ['Seeds: accuracy', 'T = &lt;4&gt; <span class="dim">(2 seeds)</span>', 'p (Holm)', 'id="confusion"'])
    expect(page).toContain(part);
  expect(readFileSync(join(root, 'report', 'report.md'), 'utf8')).toContain('T = \\<4\\>');

  // The same again with the summary gone, and damaged.
  renameSync(join(root, 'summary.json'), join(root, 'kept.json'));
  const unfinished = await quick(['report', 'mine'], path());
  expect([unfinished.status, unfinished.stderr]).toEqual([0, expect.stringContaining('The comparison is not finished')]);
  expect(readFileSync(join(root, 'report', 'report.html'), 'utf8')).not.toMatch(/test data<\/figcaption>|id="result"/);
  writeFileSync(join(root, 'summary.json'), '{"metric":"accuracy","variants":[]}');
  const damaged = await quick(['report', 'mine'], path());
  expect([damaged.status, damaged.stderr]).toEqual([0, expect.stringContaining('is not as a comparison writes it')]);
  writeFileSync(join(root, 'comparison.json'), '{');
  const lost = await quick(['report', 'mine'], path());
  expect([lost.status, lost.stderr]).toEqual([2, expect.stringContaining('comparison.json: cannot be read')]);
  const mixed = await quick(['report', 'mine', join('runs', 'mine', 't-1', 'seed-1')], path());
  expect([mixed.status, mixed.stderr]).toEqual([2, expect.stringContaining('is a comparison')]);
}, 120_000);
