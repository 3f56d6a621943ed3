import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { small } from '../testing/small-run.js';
import { quick } from '../testing/quick.js';
import { folderWith } from '../testing/temper.js';

interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

const curvesOf = (stdout: string): Record<string, Curve['points']> =>
  Object.fromEntries((JSON.parse(stdout) as { curves: Curve[] }).curves.map(({ name, points }) => [name, points]));

describe('preview of a schedule', () => {
  test('preview prints the values of a schedule as JSON with exact ends', async () => {
    const { status, stdout, stderr } = await quick(
      ['preview', '--schedule', '{"type":"linear","from":20,"to":1}', '--steps', '5', '--json'],
      await folderWith(),
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe('{\n  "values": [20, 15.25, 10.5, 5.75, 1]\n}\n');
  });

  test('preview prints the numbers of a temperature that is adaptive or learned', async () => {
    const folder = await folderWith();
    const of = async (schedule: object) =>
      JSON.parse((await quick(['preview', '--schedule', JSON.stringify(schedule), '--steps', '3', '--json'], folder)).stdout) as object;
    expect(await of({ type: 'flsw', base: { type: 'linear', from: 8, to: 2 } })).toEqual({ numbers: { base: [8, 5, 2] } });
    const sequence = {
      type: 'sequence',
      of: [
        { type: 'hold', value: 4 },
        { type: 'ctkd', strength: 0.5 },
      ],
      lengths: [{ steps: 1 }],
    };
    expect(await of(sequence)).toEqual({ numbers: { '0.value': [4, null, null], '1.strength': [null, 0.5, 0.5] } });
    expect(await of({ type: 'plateau', from: 8 })).toEqual({ values: [8, 8, 8] });
  });

  test('preview prints nested schedules by epochs and over the run', async () => {
    const schedule = {
      type: 'sequence',
      of: [
        { type: 'linear', from: 20, to: 4 },
        { type: 'hold', value: 4 },
      ],
    };
    const folder = await folderWith();
    const halves = await quick(['preview', '--schedule', JSON.stringify(schedule), '--steps', '10', '--json'], folder);
    expect(JSON.parse(halves.stdout)).toEqual({ values: [20, 16, 12, 8, 4, 4, 4, 4, 4, 4] });
    const every = { type: 'quantise', of: { type: 'linear', from: 8, to: 0 }, every: { epochs: 1 } };
    const epochs = await quick(
      ['preview', '--schedule', JSON.stringify(every), '--epochs', '3', '--steps-per-epoch', '3', '--json'],
      folder,
    );
    expect(epochs.status, epochs.stderr).toBe(0);
    const { values } = JSON.parse(epochs.stdout) as { values: number[] };
    expect(values).toHaveLength(9);
    expect(new Set(values).size).toBeLessThan(9);
  });

  test('preview draws with characters, without colours outside of a terminal', async () => {
    const { status, stdout } = await quick(['preview', '--schedule', '4'], await folderWith());
    expect(status).toBe(0);
    expect(stdout).toContain('value');
    expect(stdout).not.toContain('\x1b[');
  });

  test.each([
    ['{"type":"linaer"}', 'did you mean "linear"?'],
    ['{"type":"linear","from":20}', 'schedule.to: is missing'],
    ['{"type":"sequence","of":[1,{"type":"linear","from":"x","to":1}]}', 'schedule.of[1].from: must be a number, got "x"'],
    ['{type:linear}', '--schedule: is not JSON'],
    ['', '--schedule: is not JSON'],
    ['{"type":"kl"}', 'unknown temperature "kl"'],
  ])('preview refuses the schedule %s', async (schedule, message) => {
    const { status, stdout, stderr } = await quick(['preview', '--schedule', schedule, '--json'], await folderWith());
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toHaveProperty('error.message');
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

test('preview refuses a schedule over too many updates', async () => {
  const { status, stderr } = await quick(
    ['preview', '--schedule', '4', '--epochs', '100000', '--steps-per-epoch', '1000000'],
    await folderWith(),
  );
  expect(status).toBe(2);
  expect(stderr).toContain(
    '--epochs 100000 of 1000000 updates each (--steps-per-epoch) are 100,000,000,000 updates; at most 1,000,000 are shown',
  );
});

describe('preview of a config', () => {
  const staged = {
    ...small,
    epochs: undefined,
    batchSize: 50,
    optimizer: { type: 'adam', learningRate: { type: 'cosine', from: 0.01, to: 0 } },
    stages: [
      { name: 'broad', epochs: 2, temperature: { type: 'linear', from: 20, to: 6 }, weighting: { type: 'alpha', soft: 0.5 } },
      { name: 'focus', steps: 4, temperature: 2, weighting: { soft: { type: 'linear', from: 1, to: 0 }, hard: 1 } },
    ],
  };

  test('preview counts temperature, weights and learning rate like training', async () => {
    const { status, stdout, stderr } = await quick(['preview', 'c.json', '--json'], await folderWith({ 'c.json': staged }));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      totalSteps: 12,
      stages: [
        { name: 'broad', firstStep: 0, steps: 8, stepsPerEpoch: 4 },
        { name: 'focus', firstStep: 8, steps: 4, stepsPerEpoch: 4 },
      ],
    });
    const curves = curvesOf(stdout);
    expect(curves['temperature']?.map(([, value]) => value)).toEqual([20, 18, 16, 14, 12, 10, 8, 6, 2, 2, 2, 2]);
    expect(curves['weighting.soft']?.at(-1)).toEqual([11, 0]);
    // w·T²/T: 0.5·20 at the start.
    expect(curves['gradient scale.soft']?.[0]).toEqual([0, 10]);
    expect(curves['gradient scale.hard']).toBeUndefined();
    expect(curves['learningRate']?.[0]).toEqual([0, 0.01]);
    expect(curves['temperature.epoch mean']?.map(([, value]) => value)).toEqual([17, 9, 2]);
  });

  test('preview applies --set and draws with --svg', async () => {
    const folder = await folderWith({ 'c.json': { ...staged, name: 'annealed' } });
    const { status, stdout, stderr } = await quick(
      ['preview', 'c.json', '--set', 'stages[0].temperature.from=13', '--svg', 'plot.svg'],
      folder,
    );
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/^annealed\ntemperature/);
    expect(stdout).toContain('13┤');
    expect(stderr).toBe('drawn in plot.svg\n');
    const svg = await readFile(join(folder, 'plot.svg'), 'utf8');
    expect(svg).toMatch(/^<svg[^>]*xmlns/);
    for (const text of ['annealed', 'temperature', 'weighting', 'learningRate']) expect(svg).toContain(text);
  });

  test('preview shows a config that training would refuse, with a warning', async () => {
    const folder = await folderWith({ 'c.json': { ...small, temperature: { type: 'linear', from: 4, to: -1 } } });
    const { status, stdout, stderr } = await quick(['preview', 'c.json', '--json'], folder);
    expect(status).toBe(0);
    expect(stderr).toMatch(/^warning: temperature\.to: must be a finite number above 0, got -1/);
    expect(curvesOf(stdout)['temperature']?.at(-1)?.[1]).toBe(-1);
  });

  test('preview warns about too much patience of the student and each trained teacher', async () => {
    const earlyStopping = { metric: 'nll', patience: 9 };
    const train = {
      epochs: 3,
      earlyStopping,
      optimizer: { type: 'adam', learningRate: { type: 'warm-up', from: 0, over: { epochs: 4 }, of: 0.01 } },
    };
    const inner = { model: { type: 'mlp' }, name: 'inner', train };
    const distilled = { teacher: inner, student: { model: { type: 'mlp' } }, epochs: 2, earlyStopping };
    const config = { ...small, epochs: 4, earlyStopping, teacher: { ensemble: [{ distilled }, { model: { type: 'mlp' } }, inner] } };
    const folder = await folderWith({ 'c.json': config });
    const { status, stdout, stderr } = await quick(['preview', 'c.json', '--json'], folder);
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ teachers: [{ name: 'inner' }, { name: 'teacher' }, { name: 'teacher' }] });
    const member = 'teacher.ensemble[0].distilled';
    for (const path of [`${member}.teacher.train.`, `${member}.`, '']) expect(stderr).toContain(`${path}earlyStopping.patience: is 9, and`);
    expect(stderr.match(/earlyStopping\.patience/g)).toHaveLength(3);
    expect(stderr).toContain(`${member}.teacher.train.optimizer.learningRate.over: reaches to update`);
    expect((await quick(['preview', 'c.json'], folder)).stdout).toMatch(/inner: trained before, \d+ updates\n/);
  });

  test('preview names its assumption when the size of the data is not known', async () => {
    const folder = await folderWith({ 'c.json': { ...small, data: undefined } });
    const assumed = await quick(['preview', 'c.json', '--json'], folder);
    expect(assumed.stderr).toContain('Assumes 100 updates per epoch; change this with --steps-per-epoch');
    expect(JSON.parse(assumed.stdout)).toMatchObject({ totalSteps: 200 });
    const said = await quick(['preview', 'c.json', '--json', '--steps-per-epoch', '7'], folder);
    expect(said.stderr).toBe('');
    expect(JSON.parse(said.stdout)).toMatchObject({ totalSteps: 14 });
  });

  test.each([
    [['--steps', '5'], '--steps needs --schedule'],
    [['--schedule', '4', '--set', 'epochs=1'], '--set changes a config'],
    [['--svg', 'nowhere/plot.svg'], '--svg nowhere/plot.svg: cannot be written'],
    [['--set', 'temperature.type=cosin'], 'did you mean "cosine"?'],
  ])('preview refuses %j', async (args, message) => {
    const { status, stderr } = await quick(['preview', 'c.json', ...args], await folderWith({ 'c.json': small }));
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
