import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Inspection } from '@temper/report';
import { beforeAll, describe, expect, test } from 'vitest';
import { quick } from '../testing/quick.js';
import { small } from '../testing/small-run.js';
import { keptFolder } from '../testing/temper.js';

let folder = '';
beforeAll(async () => {
  folder = await keptFolder({
    'c.json': small,
    'loaded.json': { ...small, teacher: { from: 'runs/first/teacher' } },
    'rows.csv': ['a,b,kind', ...Array.from({ length: 150 }, (_, i) => `${i},${i % 7},${i % 2 === 0 ? 'even\u001b[31m' : 'odd'}`)].join(
      '\n',
    ),
    'rows.json': { ...small, data: { type: 'csv', path: 'rows.csv', label: 'kind' } },
  });
  for (const [config, name] of [
    ['c.json', 'first'],
    ['rows.json', 'rows'],
  ] as const) {
    const ended = await quick(['run', config, '--name', name], folder);
    expect(ended.status, ended.stderr).toBe(0);
  }
}, 120_000);

async function json<T>(...args: string[]): Promise<T> {
  const { status, stdout, stderr } = await quick([...args, '--json'], folder);
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as T;
}

const refused = async (...args: string[]): Promise<string> => {
  const { status, stdout, stderr } = await quick(args, folder);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).not.toMatch(/\n\s+at /);
  return stderr;
};

interface Explained {
  readonly label: string;
  readonly networks: readonly { readonly name: string; readonly classes: readonly { class: string; probabilities: number[] }[] }[];
}

describe('temper inspect', () => {
  test('inspect measures the teacher of a run, of a config and of a path equally', async () => {
    const [ofRun, ofConfig, byPlace] = [
      await json<Inspection>('inspect', 'first'),
      await json<Inspection>('inspect', 'loaded.json'),
      await json<Inspection>('inspect', 'first/teacher'),
    ];
    expect(ofRun.predictions).toBe(40);
    expect(ofConfig.temperatures).toEqual(ofRun.temperatures);
    expect(byPlace.temperatures).toEqual(ofRun.temperatures);
  });

  test('inspect gives the accuracy of evaluate for teacher and student', async () => {
    for (const network of ['first/teacher', 'first/student']) {
      const { accuracy } = await json<Inspection>('inspect', network, '--part', 'test');
      const { metrics } = await json<{ metrics: { accuracy: number } }>('evaluate', network);
      expect(accuracy).toBeCloseTo(metrics.accuracy, 6);
    }
  });

  test('entropy rises with the temperature towards the log of the number of classes', async () => {
    const { temperatures, similarity } = await json<Inspection>('inspect', 'first');
    const entropies = temperatures.map(({ entropy }) => entropy);
    expect(entropies).toEqual([...entropies].sort((a, b) => a - b));
    expect(entropies.at(-1)).toBeLessThan(Math.log(10));
    for (const row of similarity.rows) expect(row.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
  });

  test('inspect prints its figures and whether the claim holds', async () => {
    const { status, stdout } = await quick(['inspect', 'first', '--show', '2'], folder);
    expect(status).toBe(0);
    expect(stdout).toMatch(/onfirmed: "T = 10 has about 30 %/);
    expect(stdout).toContain('sample 2, label');
    expect(
      Math.max(
        ...stdout
          .split('\n')
          .slice(0, -2)
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(120);
  });

  test('inspect prints no control characters of class names', async () => {
    for (const args of [
      ['inspect', 'rows'],
      ['explain', 'rows', '--sample', '1'],
    ]) {
      const { status, stdout, stderr } = await quick(args, folder);
      expect(status, stderr).toBe(0);
      expect(stdout).not.toContain('\u001b');
      expect(stdout).toContain('even');
    }
  });

  test.each([
    [['inspect', 'frist'], 'there is no model at frist'],
    [['inspect', 'c.json'], 'teacher: must name a saved network ("from")'],
    [['inspect', 'first', '--samples', '0'], '--samples'],
    [['inspect', 'first', '--temperature', '-1'], 'It must be a finite number above 0.'],
    [['inspect', 'first', '--show', '99'], '--show 99: the validation part has 40 samples'],
    [['explain', 'first', '--sample', '41'], '--sample 41: the test part has 40 samples'],
    [['explain', 'first', '--sample', 'x'], '--sample'],
    [['explain', 'first', '--sample', '1', '--temperatures', '1,,2'], 'It must be a finite number above 0.'],
  ])('%j is refused', async (args, message) => expect(await refused(...args)).toContain(message));

  test('inspect refuses a run that has saved nothing yet', async () => {
    const run = join(folder, 'runs', 'begun');
    await mkdir(run);
    await copyFile(join(folder, 'runs', 'first', 'config.json'), join(run, 'config.json'));
    expect(await refused('inspect', 'begun')).toContain('begun: the run has no single teacher that was saved');
    expect(await refused('explain', 'begun', '--sample', '1')).toContain('begun: the run has saved no network');
  });
});

describe('temper explain', () => {
  test('explain gives the probabilities of predict for both networks and softens them', async () => {
    const { networks } = await json<Explained>('explain', 'first', '--sample', '3', '--temperatures', '1,4');
    expect(networks.map(({ name }) => name)).toEqual(['teacher', 'student']);
    for (const { classes } of networks) {
      for (const t of [0, 1]) expect(classes.reduce((sum, one) => sum + (one.probabilities[t] ?? NaN), 0)).toBeCloseTo(1, 5);
      const [likeliest] = classes;
      expect(likeliest?.probabilities[1]).toBeLessThan(likeliest?.probabilities[0] as number);
    }
  });

  test('explain shows a picture, or a row with its raw values', async () => {
    const picture = await quick(['explain', 'first', '--sample', '3'], folder);
    expect(picture.stdout).toContain('@@');
    expect(picture.stdout).toContain('label: ');
    const { stdout } = await quick(['explain', 'rows', '--sample', '1', '--part', 'train'], folder);
    expect(stdout).toMatch(/^ {2}a +\d/m);
  });
});
