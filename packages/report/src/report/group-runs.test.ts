import { expect, test } from 'vitest';
import { configDifferences } from './config-differences.js';
import { groupName, groupRuns } from './group-runs.js';

const run = (name: string, seed: number, temperature: number) => ({ name, seed, config: { name, seed, temperature } });

test('runs that differ in name and seed are one group, and a repeated seed another', () => {
  const groups = groupRuns([run('a-1', 1, 4), run('b', 1, 2), run('a-2', 2, 4), run('a-1b', 1, 4)]);
  expect(groups.map((group) => group.map(({ name }) => name))).toEqual([['a-1', 'a-2'], ['b'], ['a-1b']]);
});

test('runs without a config are separate groups', () => {
  expect(groupRuns([{ name: 'a' }, { name: 'b' }])).toHaveLength(2);
});

test.each([
  [['first'], 'first'],
  [['cold-seed-1', 'cold-seed-2'], 'cold'],
  [['t-4/seed-1', 't-4/seed-2'], 't-4'],
  [['distil-1', 'distil-2'], 'distil'],
  [['x', 'y'], 'x'],
])('the group of %j is named %s', (names, expected) => {
  expect(groupName(names.map((name) => ({ name })))).toBe(expected);
});

test('configs are compared path by path, without names and seeds', () => {
  const configs = [
    { name: 'a', seed: 1, stages: [{ epochs: 2, temperature: 4 }] },
    { name: 'b', seed: 2, stages: [{ epochs: 3, temperature: 4 }], keep: 'last' },
  ];
  expect(configDifferences(configs)).toEqual([
    { path: 'stages[0].epochs', values: ['2', '3'] },
    { path: 'keep', values: [undefined, '"last"'] },
  ]);
});
