import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { idxFile } from '../testing/idx-file.js';
import { small } from '../testing/small-run.js';
import { quick } from '../testing/quick.js';
import { keptFolder, start } from '../testing/temper.js';

/** Three kinds by two columns of very different size; the second half tells them apart as well. */
const line = (i: number): string =>
  `${1e6 + 3e5 * (i % 3) + ((i * 7919) % 1000)},${(1e-5 * ((i % 3) - 1)).toPrecision(6)},${['red', 'green', 'blue'][i % 3]}`;
const lines = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => line(from + i)).join('\n');

let folder = '';
beforeAll(async () => {
  folder = await keptFolder({
    'train.csv': `size,hue,kind\n${lines(0, 150)}\n`,
    'new.csv': `kind,hue,size\n${lines(150, 180)
      .split('\n')
      .map((one) => one.split(',').reverse().join(','))
      .join('\n')}\n`,
    'bare.csv': `hue,size\n0.00001,1600000\n`,
    'c.json': {
      ...small,
      data: { type: 'csv', path: 'train.csv', label: 'kind' },
      optimizer: { type: 'adam', learningRate: 0.05 },
      epochs: 12,
    },
  });
  const ended = await quick(['run', 'c.json', '--name', 'first'], folder);
  expect(ended.status, ended.stderr).toBe(0);
}, 120_000);

const json = async (args: readonly string[]): Promise<Record<string, unknown>[]> => {
  const { status, stdout, stderr } = await quick([...args, '--json'], folder);
  expect(status, stderr).toBe(0);
  return stdout
    .trim()
    .split('\n')
    .map((one) => JSON.parse(one) as Record<string, unknown>);
};

describe('temper export', () => {
  test('export writes and replaces a SavedModel and refuses other folders', async () => {
    for (const _ of [1, 2])
      expect(await quick(['export', 'first', 'models/first/1'], folder)).toEqual({
        status: 0,
        stdout: 'saved in models/first/1\n',
        stderr: '',
      });
    expect((await readdir(join(folder, 'models', 'first', '1'))).sort()).toEqual(['saved_model.pb', 'student.json']);
    for (const [place, message] of [
      ['runs', 'runs: contains other files'],
      ['c.json', 'c.json: is a file'],
    ] as const) {
      const { status, stderr } = await quick(['export', 'first', place], folder);
      expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(message) as string });
    }
    expect((await quick(['export', 'frist', 'm'], folder)).status).toBe(2);
  });
});

describe('temper predict', () => {
  test('predict names the classes of raw lines in any order of columns', async () => {
    const said = await json(['predict', 'first', '--input', 'new.csv']);
    expect(said).toHaveLength(30);
    expect(said.slice(0, 3).map(({ class: name }) => name)).toEqual(['red', 'green', 'blue']);
    const [bare] = await json(['predict', 'runs/first/student', '--input', 'bare.csv']);
    expect(bare).toMatchObject({ sample: 1, class: 'blue', probabilities: { blue: expect.any(Number) as number } });
  });

  test('predict prints a table with the most likely classes that --top requests', async () => {
    const { status, stdout } = await quick(['predict', 'runs/first', '--input', 'bare.csv', '--top', '2', '--temperature', '3'], folder);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ {2}sample {2}class {2}probability {2}2\. class +probability\n {7}1 {2}blue +\d+\.\d % {2}\w+ +\d+\.\d %\n$/);
  });

  test('predict reads JSON lines from stdin', async () => {
    const { child, ended } = start(
      ['predict', 'first', '--input', '-', '--json', '--top', '3'],
      folder,
      {},
      '{"size":1000000,"hue":-0.00001}\n[1300000, 0]\n',
    );
    expect(child.pid).toBeGreaterThan(0);
    const { status, stdout, stderr } = await ended;
    expect(status, stderr).toBe(0);
    const said = stdout
      .trim()
      .split('\n')
      .map((one) => JSON.parse(one) as { class: string; top: { class: string }[] });
    expect(said.map(({ class: name }) => name)).toEqual(['red', 'green']);
    expect(said[0]?.top).toHaveLength(3);
  });

  test.each<[string, string[], string | undefined, string]>([
    ['a missing column', ['predict', 'first', '--input', 'x.csv'], 'size,hues\n1,2\n', 'x.csv: has no column "hue"; did you mean "hues"?'],
    ['an empty file', ['predict', 'first', '--input', 'x.csv'], '', 'x.csv: is empty'],
    ['a wrong shape', ['predict', 'first', '--input', 'x.csv'], '[1,2,3]\n', 'samples[0]: must have 2 numbers (shape [2]), got 3 (x.csv)'],
    ['no such file', ['predict', 'first', '--input', 'y.csv'], undefined, 'there is no y.csv'],
    ['no such run', ['predict', 'frist', '--input', 'new.csv'], undefined, 'Did you mean the run "first"?'],
    ['no input', ['predict', 'first'], undefined, "required option '--input <file>'"],
    [
      'a temperature of 0',
      ['predict', 'first', '--input', 'new.csv', '--temperature', '0'],
      undefined,
      'It must be a finite number above 0',
    ],
    ['an unknown class', ['evaluate', 'first', '--data', 'x.csv'], 'size,hue,kind\n1,2,rad\n', 'unknown class "rad"; did you mean "red"?'],
    ['data without the label', ['evaluate', 'first', '--data', 'bare.csv'], undefined, 'has no column "kind"'],
    ['a part that is none', ['evaluate', 'first', '--part', 'tset'], undefined, 'train, validation, test, all'],
  ])('predict is refused with status 2: %s', async (_, args, text, message) => {
    if (text !== undefined) await writeFile(join(folder, 'x.csv'), text);
    const { status, stdout, stderr } = await quick(args, folder);
    expect(stderr).toContain(message);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe('temper evaluate', () => {
  test('evaluate gives the figures of the summary for the test data of the run', async () => {
    const { status, stdout, stderr } = await quick(['evaluate', 'first', '--json'], folder);
    expect(status, stderr).toBe(0);
    const judged = JSON.parse(stdout) as {
      metrics: Record<string, number>;
      samples: number;
      confusion: number[][];
      perClass: { class: string }[];
    };
    const summary = JSON.parse(await readFile(join(folder, 'runs/first/summary.json'), 'utf8')) as {
      test: Record<string, number>;
      teacherTest: Record<string, number>;
    };
    expect(judged.samples).toBe(30);
    for (const name of ['accuracy', 'nll', 'brier', 'ece']) expect(judged.metrics[name]).toBeCloseTo(summary.test[name] as number, 6);
    expect(judged.perClass.map(({ class: name }) => name)).toEqual(['blue', 'green', 'red']);
    expect(judged.confusion.flat().reduce((a, b) => a + b, 0)).toBe(30);
    const teacher = JSON.parse((await quick(['evaluate', 'first/teacher', '--json'], folder)).stdout) as {
      metrics: Record<string, number>;
    };
    expect(teacher.metrics['nll']).toBeCloseTo(summary.teacherTest['nll'] as number, 6);
  });

  test('evaluate reads all lines of another file and prints tables', async () => {
    const { status, stdout, stderr } = await quick(['evaluate', 'first', '--data', 'new.csv'], folder);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('runs/first/student on 30 samples of new.csv');
    for (const text of ['accuracy', 'nll', 'precision', 'recall', 'F1', 'confusion', 'calibration']) expect(stdout).toContain(text);
    expect(stdout).toMatch(/^ {2}red +\d+ +\d+ +\d+$/m);
    await writeFile(join(folder, 'x.csv'), `size,hue,kind\n${line(0)}\n`);
    const one = JSON.parse((await quick(['evaluate', 'first', '--data', 'x.csv', '--json'], folder)).stdout) as {
      samples: number;
      metrics: Record<string, number>;
    };
    expect(one).toMatchObject({ samples: 1, metrics: { accuracy: 1 } });
  });
});

test('predict reads images in an IDX file, and evaluate a folder of them', async () => {
  const images = Buffer.alloc(30 * 16, 0).map((_, i) =>
    (Math.floor(i / 16) % 3) * 4 <= i % 16 && i % 16 < (Math.floor(i / 16) % 3) * 4 + 4 ? 255 : 0,
  );
  const folderOf = await keptFolder({
    'train-images-idx3-ubyte': idxFile([30, 4, 4], images),
    'train-labels-idx1-ubyte': idxFile(
      [30],
      Uint8Array.from({ length: 30 }, (_, i) => i % 3),
    ),
    'c.json': {
      ...small,
      data: { type: 'idx', folder: '.', classes: 3 },
      optimizer: { type: 'adam', learningRate: 0.05 },
      epochs: 30,
      batchSize: 8,
    },
  });
  const ran = await quick(['run', 'c.json', '--name', 'images'], folderOf);
  expect(ran.status, ran.stderr).toBe(0);
  const { stdout, status, stderr } = await quick(['predict', 'images', '--input', 'train-images-idx3-ubyte', '--json'], folderOf);
  expect(status, stderr).toBe(0);
  expect(
    stdout
      .trim()
      .split('\n')
      .map((one) => (JSON.parse(one) as { class: string }).class)
      .slice(0, 6),
  ).toEqual(['0', '1', '2', '0', '1', '2']);
  const all = JSON.parse((await quick(['evaluate', 'images', '--part', 'all', '--json'], folderOf)).stdout) as { samples: number };
  expect(all.samples).toBe(30);
});
