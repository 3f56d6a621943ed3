import { describe, expect, test } from 'vitest';
import { idxBytes } from '../testing/idx-bytes.js';
import { readSamples, type SamplesFor } from './read-samples.js';

const read = (text: string | Uint8Array, wanted: Partial<SamplesFor> = {}): unknown[] =>
  readSamples(typeof text === 'string' ? new TextEncoder().encode(text) : text, 'f', {
    shape: [2],
    names: ['long', 'wide'],
    isText: false,
    ...wanted,
  });

describe('accepted samples', () => {
  test.each<[string, string | Uint8Array, Partial<SamplesFor>, unknown[]]>([
    [
      'columns by name, in any order, next to the label',
      'kind,wide,long\na,2,1\nb,4,3\n',
      {},
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['columns without the label', 'long,wide\n1,2\n', {}, [[1, 2]]],
    ['another separator, quotes, comments, blank lines and Windows line ends', '# mine\r\n"wide";"long"\r\n2;1\r\n\r\n', {}, [[1, 2]]],
    [
      'a table without a header, in order',
      '1,2\n3,4\n',
      {},
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      'a table without a header, by the numbers of its columns',
      '1,a,2\n3,b,4\n',
      { names: ['2', '0'] },
      [
        [2, 1],
        [4, 3],
      ],
    ],
    ['a table without a header or label, of a student that learned without one', '1,2\n', { names: ['1', '2'] }, [[1, 2]]],
    ['a table for inputs without names', 'x,y\n1,2\n', { names: undefined }, [[1, 2]]],
    ['all digits of large numbers', 'long,wide\n1700000000123,2\n', {}, [[1700000000123, 2]]],
    [
      'JSON lines of lists',
      '[1,2]\n\n[3,4]',
      {},
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['JSON lines of records', '{"long":1,"wide":2,"kind":"a"}\n', {}, [{ long: 1, wide: 2, kind: 'a' }]],
    [
      'one JSON document over many lines',
      '[\n  [1, 2],\n  [3, 4]\n]',
      {},
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['texts, one a line', 'to be\nor not\n', { isText: true }, ['to be', 'or not']],
    ['texts in JSON', '"to\\nbe"\n', { isText: true }, ['to\nbe']],
    [
      'IDX files',
      idxBytes([2, 1, 2], [1, 2, 3, 255]),
      { shape: [1, 2, 1], names: undefined },
      [Uint8Array.of(1, 2), Uint8Array.of(3, 255)],
    ],
  ])('readSamples reads %s', (_, text, wanted, expected) => {
    expect(read(text, wanted)).toEqual(expected);
  });
});

describe('refused samples', () => {
  test.each<[string, string | Uint8Array, Partial<SamplesFor>, string]>([
    ['an empty file', '', {}, 'f: is empty'],
    ['names without samples', 'long,wide\n', {}, 'f: holds no samples'],
    ['a missing column', 'longer,wide\n1,2\n', {}, 'f: has no column "long"; did you mean "longer"?\n  Columns: longer, wide.'],
    ['a word', 'long,wide\n1,2\n1,tall\n', {}, 'f: line 3, column "wide": must be a finite number, got "tall"'],
    ['an empty cell', 'long,wide\n,2\n', {}, 'f: line 2, column "long": is empty'],
    ['a short line', 'long,wide\n1\n', {}, 'f: line 2: must have 2 cells'],
    [
      'too many columns without names',
      '1,2,3\n',
      {},
      'f: has 3 columns, the student takes 2 numbers\n  Name the columns in the first line: long, wide.',
    ],
    ['broken JSON', '[1,2]\n[3,\n', {}, 'f: line 2: is not JSON: [3,'],
    ['IDX files of another shape', idxBytes([1, 3], [1, 2, 3]), {}, 'f: holds samples of shape [3], the student takes [2]'],
    ['IDX files of labels', idxBytes([3], [1, 2, 3]), {}, 'is it the file of labels?'],
  ])('readSamples refuses %s', (_, text, wanted, message) => {
    expect(() => read(text, wanted)).toThrow(message);
  });
});
