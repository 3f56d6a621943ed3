import '@tensorflow/tfjs-node';
import { test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { load } from './testing/load.js';
import { memoryFiles } from './testing/memory-files.js';
import { flowers, loaded } from './testing/csv-tables.js';

describe('csv names line and column of a mistake', () => {
  const bad = (cell: string): string => flowers.replace('\n2,5,rose', `\n${cell},5,rose`);
  test.each<[string, string | Uint8Array, object, string]>([
    ['a word', bad('tall'), {}, 'f.csv: line 4, column "long": must be a finite number, got "tall"\n  List the columns with numbers'],
    ['NaN', bad('NaN'), {}, 'f.csv: line 4, column "long": must be a finite number, got "NaN"'],
    ['infinity', bad('Infinity'), {}, 'line 4, column "long": must be a finite number, got "Infinity"'],
    ['more than single precision holds', bad('1e300'), {}, 'line 4, column "long": must be a finite number, got "1e300"'],
    ['a decimal comma', bad('"2,5"'), {}, 'got "2,5"\n  Write decimals with a point.'],
    ['an empty cell', bad(''), {}, 'f.csv: line 4, column "long": is empty; it must be a number'],
    ['a blank cell', bad('  '), {}, 'line 4, column "long": is empty'],
    ['an empty label', flowers.replace('2,5,rose', '2,5,'), {}, 'f.csv: line 4, column "kind": is empty; it must be a label'],
    ['a short line', bad('1,2').replace('1,2,5,rose', '1,rose'), {}, 'f.csv: line 4: must have 3 cells, as many as the first line, got 2'],
    ['a long line', bad('1,2'), {}, 'f.csv: line 4: must have 3 cells, as many as the first line, got 4'],
    ['a word after line breaks in quotes', '"long\nago",wide,kind\n1,2,"a\nb"\nx,2,b\n', {}, 'f.csv: line 5, column "long\nago"'],
    ['an open quote', 'long,wide,kind\n1,2,a\n"3,4,b\n5,6,a\n', {}, 'f.csv: line 3: a quoted cell has no closing quote'],
    [
      'a word in a table without a header',
      '1,2,a\n3,x,b\n',
      { header: false, label: 2 },
      'f.csv: line 2, column 1: must be a finite number, got "x"',
    ],
    [
      'an unknown class',
      flowers,
      { classes: ['rosa', 'aster'] },
      'f.csv: line 2, column "kind": unknown class "rose"; did you mean "rosa"?',
    ],
    [
      'a label outside of the classes',
      'x,kind\n1,0\n2,3\n3,1\n',
      { classes: 3 },
      'f.csv: line 3, column "kind": must be an integer from 0 to 2, got "3"',
    ],
    ['half a label', 'x,kind\n1,0\n2,0.5\n3,1\n', { classes: 3 }, 'line 3, column "kind": must be an integer from 0 to 2, got "0.5"'],
    ['one class', 'x,kind\n1,a\n2,a\n3,a\n', {}, 'f.csv: all samples have the label "a"; there must be at least two classes'],
    ['an unknown column', flowers, { label: 'kid' }, 'f.csv: has no column "kid"; did you mean "kind"?\n  Columns: long, wide, kind.'],
    ['an unknown input', flowers, { inputs: ['length'] }, 'f.csv: has no column "length"'],
    ['a column number too high', flowers, { label: 3 }, 'f.csv: has no column 3; it has 3, numbered from 0'],
    [
      'a column name that is not unique',
      'x,x,kind\n1,2,a\n',
      { inputs: ['x'] },
      'f.csv: has 2 columns "x"\n  Give the number of the one you mean: 0, 1.',
    ],
    ['a name without a header', '1,2,a\n', { header: false }, 'f.csv: has no column "kind", since header is false'],
    [
      'a header that is missing',
      '1,2,0\n3,4,1\n',
      { label: 2, header: true },
      'f.csv: line 1 must name the columns, got only numbers\n  Where the first line is a sample, leave header out',
    ],
    ['the label among the inputs', flowers, { inputs: ['long', 'kind'] }, 'f.csv: column "kind" is the label and an input as well'],
    [
      'another separator',
      flowers.replaceAll(',', ';'),
      { separator: ',' },
      'f.csv: has only one column with the separator ","\n  Is the separator ";"?',
    ],
    ['one column', 'a\n1\n', {}, 'f.csv: has only one column'],
    ['an empty file', '', {}, 'f.csv: is empty'],
    ['blank lines', '\n \n', {}, 'f.csv: is empty'],
    ['a header alone', 'long,wide,kind\n', {}, 'f.csv: holds no samples, only the names of its columns'],
    ['too few lines', 'x,kind\n1,a\n2,b\n', {}, 'f.csv: has too few samples (2)'],
    [
      'a shape that does not fit',
      flowers,
      { inputShape: [3, 1] },
      'f.csv: has 2 input columns, which do not fill the shape [3, 1] (inputShape)',
    ],
    ['bytes that are not text', Uint8Array.of(0xff, 0xfd, 0x61, 0), {}, 'f.csv: is not text in UTF-8'],
  ])('csv refuses %s', async (_, text, options, message) => {
    await expect(loaded(text, options)).rejects.toThrow(
      expect.objectContaining({ code: 'data/invalid', fault: 'user', message: expect.stringContaining(message) }),
    );
  });

  test('csv refuses a class that only the test file has', async () => {
    await expect(loaded(flowers, { testPath: 't.csv' }, { 't.csv': 'long,wide,kind\n1,2,tulip\n' })).rejects.toThrow(
      't.csv: line 2, column "kind": unknown class "tulip"',
    );
  });

  test('csv refuses a missing file', async () => {
    await expect(load({ type: 'csv', path: 'g.csv', label: 'kind' }, memoryFiles({ 'f.csv': '' }))).rejects.toThrow(
      'unknown file "g.csv"; did you mean "f.csv"?',
    );
  });
});

test.each<[object, string]>([
  [{ label: undefined }, 'label: must be the name of a column, or its number: from 0, or from −1 backwards'],
  [{ label: 1.5 }, 'label: must be'],
  [{ separator: ', ' }, 'separator: must be one character'],
  [{ separator: '"' }, 'separator: must not be a quote, a line end, a letter or a part of a number'],
  [{ separator: '\n' }, 'separator: must not be'],
  [{ separator: '.' }, 'separator: must not be'],
  [{ separator: 'e' }, 'separator: must not be'],
  [{ separator: '#' }, 'separator: is also the start of a comment ("#")'],
  [{ classes: ['a', 'b', 'a'] }, 'classes: must have different names'],
  [{ classes: 1e9 }, 'classes: must be a finite number at most 1000000, got 1000000000'],
  [{ classes: 1 }, 'classes: must be a finite number at least 2, got 1'],
  [{ classes: 'two' }, 'classes: must be the number of classes, or a list of their names'],
  [{ scale: 'normal' }, 'scale: must be "standard" or a number to multiply with'],
  [{ test: 0 }, 'test: must be a finite number above 0, got 0'],
  [{ inputs: [] }, 'inputs: must have at least 1 entries, got 0'],
  [{ lable: 'kind' }, 'unknown option "lable"; did you mean "label"?'],
])('csv refuses the options %j', async (options, message) => {
  await expect(loaded(flowers, options)).rejects.toThrow(
    expect.objectContaining({ code: 'config/invalid', message: expect.stringContaining(message) }),
  );
});
