import '@tensorflow/tfjs-node';
import { describe, expect, test } from 'vitest';
import { load } from './testing/load.js';
import { memoryFiles } from './testing/memory-files.js';
import { readBatch } from './testing/read-batch.js';

const loaded = (text: string | Uint8Array, options: object = {}, more: Record<string, string> = {}) =>
  load({ type: 'csv', path: 'f.csv', label: 'kind', scale: 1, ...options }, memoryFiles({ 'f.csv': text, ...more }));

/** 200 cells of a line. */
const wide = (cell: (i: number) => string): string => Array.from({ length: 200 }, (_, i) => cell(i)).join();

/** All samples of a file as `inputs>class`, in order of their inputs. */
async function samplesOf(text: string | Uint8Array, options: object = {}): Promise<string[]> {
  const { train, validation, test: tested } = await loaded(text, options);
  const found: string[] = [];
  for (const part of [train, validation, tested]) {
    const { inputs, labels } = await readBatch(part);
    const width = inputs.length / labels.length;
    labels.forEach((label, i) => {
      const own = inputs.slice(i * width, (i + 1) * width);
      found.push(`${[...own].join(' ')}>${train.classNames?.[label]}`);
    });
  }
  return found.toSorted();
}

const flowers = [
  ['1', '20', 'rose'],
  ['2.5', '30', 'aster'],
  ['3', '10', 'rose'],
  ['4', '40', 'aster'],
  ['6', '50', 'rose'],
  ['9', '70', 'aster'],
];
const names = ['long', 'wide', 'kind'];
const write = (separator: string, end: string, lines: readonly (readonly string[])[]): string =>
  lines.map((cells) => cells.join(separator)).join(end) + end;
const wanted = flowers.map(([a, b, label]) => `${a} ${b}>${label}`).toSorted();
const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'));
const plain = write(',', '\n', [names, ...flowers]);

describe('tables that hold the same values in different forms', () => {
  test.each<[string, string | Uint8Array, object]>([
    ['with commas', plain, {}],
    ['with semicolons', write(';', '\n', [names, ...flowers]), {}],
    ['with tabs', write('\t', '\n', [names, ...flowers]), {}],
    ['with bars and Windows line ends', write('|', '\r\n', [names, ...flowers]), {}],
    ['with a byte order mark', `\ufeff${plain}`, {}],
    ['in UTF-16, as spreadsheets write text', utf16(write('\t', '\r\n', [names, ...flowers])), {}],
    [
      'with quoted cells',
      write(
        ',',
        '\n',
        [names, ...flowers].map((cells) => cells.map((cell) => `"${cell}"`)),
      ),
      {},
    ],
    ['with comments before the names and between samples', `# flowers, "measured\n#\n${plain.replace('\n3,', '\n# a note\n3,')}`, {}],
    ['with comments of another kind', plain.replace('\n3,', '\n% it\n3,'), { comments: '%' }],
    ['with blank lines and lines of empty cells', `\n${plain.replace('\n3,', '\n\n,,\n  ,,\n3,')}\n\n`, {}],
    ['with a separator at the end of each line', write(',', '\n', [[...names, ''], ...flowers.map((cells) => [...cells, ''])]), {}],
    ['without names, the label last', write(',', '\n', flowers), { label: 'last' }],
    ['without names, the label counted from behind', write(';', '\n', flowers), { label: -1 }],
    ['without names, the label by its number', write('\t', '\n', flowers), { label: 2 }],
    ['with names, the label last', plain, { label: 'last' }],
    ['with names, columns counted from behind', plain, { label: -1, inputs: [-3, -2] }],
    ['with names that are numbers', write(',', '\n', [['2019', '2020', 'kind'], ...flowers]), {}],
  ])('csv reads the same table %s', async (_, text, options) => {
    expect(await samplesOf(text, options)).toEqual(wanted);
  });

  test('csv reads a table whose label column is called "last"', async () => {
    const text = write(',', '\n', [['last', 'a', 'b'], ...flowers.map(([a, b, label]) => [label as string, a as string, b as string])]);
    expect(await samplesOf(text, { label: 'last' })).toEqual(wanted);
  });

  test('csv reads a sample line that begins with #', async () => {
    const text = 'code,kind,x\n#1,a,1\n#2,b,2\n3,a,3\n4,b,4\n5,a,5\n6,b,6\n';
    const { warnings } = await loaded(text, { inputs: ['x'] });
    expect(warnings).toEqual([
      'f.csv: 2 lines that begin with # have as many cells as a sample and are skipped as comments; set comments to false ' +
        'if they are samples',
    ]);
    expect(await samplesOf(text, { inputs: ['x'], comments: false })).toHaveLength(6);
  });

  test('csv warns when the first line may be a header or a sample', async () => {
    const { warnings } = await loaded(write(',', '\n', [['5', '60', 'lily'], ...flowers, ['7', '80', 'lily2']]), { label: 'last' });
    expect(warnings).toEqual([
      expect.stringMatching(/^f\.csv: the first line is read as .*; set header to (true|false) if that is wrong$/),
    ]);
  });
});

describe('columns that count the lines', () => {
  const numbered = (name: string): string => write(',', '\n', [[name, ...names], ...flowers.map((cells, i) => [String(i), ...cells])]);
  test('csv skips a column of line numbers when it has no name', async () => {
    expect(await samplesOf(numbered(''))).toEqual(wanted);
    expect((await loaded(numbered('Unnamed: 0'))).warnings).toEqual([
      'f.csv: the first column has no name and counts the lines; it is not used',
    ]);
  });

  test('csv warns about a named column of line numbers and keeps it', async () => {
    const splits = await loaded(numbered('id'));
    expect(splits.train.inputShape).toEqual([3]);
    expect(splits.warnings).toEqual([expect.stringContaining('the column "id" counts the lines; remove it from inputs')]);
    expect((await loaded(numbered('id'), { inputs: ['id', 'long'] })).warnings).toEqual([]);
  });
});

describe('labels that are not classes', () => {
  const rows = (label: (i: number) => string, count = 120): string =>
    `x,kind\n${Array.from({ length: count }, (_, i) => `${(i * 7) % 13},${label(i)}`).join('\n')}\n`;
  test.each([
    [
      'measurements',
      rows((i) => (Math.sin(i) * 3).toFixed(3)),
      /holds \d+ different values in 120 lines \(line \d+, column "kind": "-?[\d.]+"\); these are measurements, not classes\n {2}Is/,
    ],
    ['measurements with one digit', rows((i) => (Math.sin(i) * 3).toFixed(1)), /these are measurements, not classes/],
    [
      'whole numbers that hardly repeat',
      rows((i) => String((i * 37) % 101)),
      /holds 101 different values in 120 lines .* these are measurements/,
    ],
    ['names of single samples', rows((i) => `flower-${i}`), /these are names of single samples, not classes/],
  ])('csv refuses labels that are %s', async (_, text, message) => {
    await expect(loaded(text)).rejects.toThrow(
      expect.objectContaining({ code: 'data/invalid', fault: 'user', message: expect.stringMatching(message) }),
    );
  });

  test('csv accepts labels that are listed, few halves or many true classes', async () => {
    const halves = Array.from({ length: 12 }, (_, i) => String(i / 2));
    await expect(
      loaded(
        rows((i) => halves[i % 12] as string),
        { classes: halves },
      ),
    ).resolves.toBeDefined();
    await expect(loaded(rows((i) => halves[i % 9] as string))).resolves.toBeDefined();
    await expect(loaded(rows((i) => `c${i % 40}`))).resolves.toBeDefined();
  });
});

describe('lines that cannot be read', () => {
  test.each<[string, string, string]>([
    [
      'a word',
      plain.replace('\n3,', '\ntall,'),
      'line 4, column "long": must be a finite number, got "tall"\n  List the columns with numbers as inputs, or encode ' +
        'this one as numbers.\n  Line 4: tall,10,rose',
    ],
    [
      'a missing value',
      plain.replace('\n3,', '\n?,'),
      'got "?"\n  It stands for a missing value: fill it in, or remove the line or the column.\n  Line 4: ?,10,rose',
    ],
    [
      'a short line, counted over comments',
      plain.replace('\n3,10,', '\n# note\n3,'),
      'line 5: must have 3 cells, as many as the first line, got 2\n  Line 5: 3,rose',
    ],
    [
      'a cell of a long line',
      [`${wide((i) => `c${i}`)},kind`, `${wide((i) => (i === 150 ? 'x' : String(i)))},a`, ''].join('\n'),
      'Line 2: … 147, 148, 149, x, 151, 152, 153 …',
    ],
  ])('csv quotes the line that has %s', async (_, text, message) => {
    await expect(loaded(text)).rejects.toThrow(message);
  });
});

describe('a test file', () => {
  test.each([
    [
      'that is the training file',
      'f.csv',
      'f.csv: is the training file itself: a test on training samples is meaningless\n  Leave testPath out',
    ],
    ['that is a copy of it', 't.csv', 't.csv: is the training file f.csv'],
  ])('csv refuses a test file %s', async (_, testPath, message) => {
    await expect(loaded(plain, { testPath }, { 't.csv': plain })).rejects.toThrow(message);
  });

  test('csv reports a test file that shares samples with the training file', async () => {
    const shuffled = write(',', '\n', [names, ...flowers.toReversed()]);
    expect((await loaded(plain, { testPath: 't.csv' }, { 't.csv': shuffled })).warnings).toEqual([
      't.csv: all 6 test samples are also training samples, so the test overrates the student',
    ]);
    const own = write(',', '\n', [names, ['8', '8', 'rose'], ['7', '7', 'aster']]);
    expect((await loaded(plain, { testPath: 't.csv' }, { 't.csv': own })).warnings).toEqual([]);
  });
});
