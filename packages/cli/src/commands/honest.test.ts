import { describe, expect, test } from 'vitest';
import { small } from '../testing/small-run.js';
import { quick } from '../testing/quick.js';
import { folderWith } from '../testing/temper.js';

const csv = (lines: number, change = (i: number): number => i): string =>
  ['x,y,kind', ...Array.from({ length: lines }, (_, i) => `${change(i) % 7},${i % 5},${i % 2 === 0 ? 'a' : 'b'}`)].join('\n');
const tabular = {
  ...small,
  data: { type: 'csv', path: 'd.csv', label: 'kind' },
  teacher: { model: { type: 'mlp', hidden: [4] }, train: { epochs: 1 } },
  batchSize: 8,
  epochs: 3,
};

describe('preview', () => {
  test.each([
    [{ earlyStopping: { metric: 'acuracy', patience: 2 } }, 'earlyStopping.metric: unknown metric "acuracy"; did you mean "accuracy"?'],
    [
      { teacher: { model: { type: 'mlp' }, train: { earlyStopping: { metric: 'kl', patience: 1 } } } },
      'teacher.train.earlyStopping.metric: unknown metric "kl"',
    ],
    [
      { temperature: { type: 'plateau', from: 8, metric: 'validation.acuracy' } },
      'temperature.metric: unknown metric "validation.acuracy"',
    ],
    [
      { temperature: { type: 'sequence', of: [4, { type: 'max', of: [1, { type: 'plateau', from: 8, metric: 'acuracy' }] }] } },
      'temperature.of[1].of[1].metric: unknown metric "acuracy"',
    ],
  ])('preview refuses %j', async (changes, message) => {
    const folder = await folderWith({ 'c.json': { ...small, ...changes } });
    for (const command of [['preview'], ['run', '--name', 'a']]) {
      const { status, stderr } = await quick([command[0] as string, 'c.json', ...command.slice(1)], folder);
      expect(status).toBe(2);
      expect(stderr).toContain(message);
    }
  });

  test('preview counts the updates of a table relative to the folder of its config', async () => {
    const folder = await folderWith({ 'c.json': tabular, 'd.csv': csv(100) });
    const { stdout, stderr } = await quick(['preview', 'c.json', '--json'], folder);
    // 100 lines less 20 for the test and 12 for validation, in batches of 8.
    expect((JSON.parse(stdout) as { totalSteps: number }).totalSteps).toBe(27);
    expect(stderr).toBe('');
  });

  test('preview counts the updates of digits of the default size', async () => {
    const { stdout } = await quick(
      ['preview', 'c.json', '--json'],
      await folderWith({ 'c.json': { ...small, data: { type: 'digits' }, batchSize: 50, epochs: 1 } }),
    );
    expect((JSON.parse(stdout) as { totalSteps: number }).totalSteps).toBe(100);
  });

  test('preview reports data that cannot be read and shows an assumed length', async () => {
    const { status, stderr } = await quick(['preview', 'c.json'], await folderWith({ 'c.json': tabular }));
    expect(status).toBe(0);
    expect(stderr).toMatch(/warning: data: .*d\.csv/);
    expect(stderr).toContain('Assumes 100 updates per epoch');
  });

  test('preview warns about a warm-up that is longer than the run', async () => {
    const temperature = { type: 'warm-up', of: 4, from: 1, over: { steps: 500 } };
    const { stderr } = await quick(['preview', 'c.json'], await folderWith({ 'c.json': { ...tabular, temperature }, 'd.csv': csv(100) }));
    expect(stderr).toContain('warning: temperature.over: reaches to update 500, but the stage has 27: the part after it is never reached');
  });
});

describe('run', () => {
  const stopping = {
    ...tabular,
    epochs: 12,
    temperature: { type: 'linear', from: 20, to: 1 },
    earlyStopping: { metric: 'nll', patience: 1, minDelta: 10 },
  };

  test('an early stop is on stderr, in the summary and in a record, and can be lifted', async () => {
    const folder = await folderWith({ 'c.json': stopping, 'd.csv': csv(100) });
    const first = await quick(['run', 'c.json', '--name', 'a'], folder);
    expect(first.status, first.stderr).toBe(0);
    for (const text of [first.stderr, first.stdout]) {
      expect(text).toContain('"student" stopped early by earlyStopping: nll has not improved by more than 10 for 1 evaluation');
      expect(text).toMatch(/temperature reached [\d.]+ of 20 → 1/);
    }
    const again = await quick(
      ['run', 'c.json', '--resume', 'a', '--set', 'earlyStopping.patience=3', '--allow', 'earlyStopping', '--json'],
      folder,
    );
    expect(again.status, again.stderr).toBe(0);
    const summary = JSON.parse(again.stdout) as { steps: number; stops: { epoch: number }[] };
    expect(summary).toMatchObject({ steps: 36, stops: [{ epoch: 4 }] });
  });

  test('a run over a changed file is resumed only when that is allowed', async () => {
    const files = { 'c.json': { ...tabular, checkpoints: { every: { steps: 1 } } }, 'd.csv': csv(100) };
    const folder = await folderWith({ ...files, 'other.csv': csv(100, (i) => i + 1) });
    expect((await quick(['run', 'c.json', '--name', 'a'], folder)).status).toBe(0);
    const longer = [
      'run',
      'c.json',
      '--resume',
      'a',
      '--set',
      'data.path=other.csv',
      '--set',
      'epochs=4',
      '--allow',
      'stages[0].epochs',
      '--allow',
      'data.path',
    ];
    const refused = await quick(longer, folder);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(
      /the data differ from those of the run in .*\n {2}data\.train: other samples or labels[\s\S]*--allow data/,
    );
    expect((await quick([...longer, '--allow', 'data'], folder)).status).toBe(0);
  });

  test('labels that start at 1 are refused with a config that works', async () => {
    const lines = ['x,y,kind', ...Array.from({ length: 60 }, (_, i) => `${i % 7},${i % 5},${1 + (i % 3)}`)].join('\n');
    const folder = await folderWith({ 'c.json': { ...tabular, data: { ...tabular.data, classes: 3 }, epochs: 1 }, 'd.csv': lines });
    const { status, stderr } = await quick(['run', 'c.json', '--name', 'a'], folder);
    expect(status).toBe(2);
    expect(stderr).toContain('The labels start at 1: set firstLabel: 1.');
    expect((await quick(['run', 'c.json', '--name', 'b', '--set', 'data.firstLabel=1'], folder)).status).toBe(0);
  });
});

test('`list --metrics` explains each metric of the summary on one line', async () => {
  const { stdout } = await quick(['list', '--metrics'], await folderWith());
  for (const name of ['accuracy', 'nll', 'brier', 'ece', 'agreement', 'kl']) expect(stdout).toMatch(new RegExp(`^${name} +\\S`, 'm'));
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});
