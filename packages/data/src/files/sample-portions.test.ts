import { limits } from '@temper/core';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { idxBytes } from '../testing/idx-bytes.js';
import { memoryFiles } from '../testing/memory-files.js';
import { readSamples, type SamplesFor } from './read-samples.js';
import { samplePortions } from './sample-portions.js';

const usual: SamplesFor = { shape: [2], names: ['long', 'wide'], isText: false };

/** The samples of a file in portions of some bytes. */
async function portions(content: string | Uint8Array, bytes: number, wanted: SamplesFor = usual): Promise<unknown[][]> {
  const file = await memoryFiles({ f: content }).open('f');
  const found: unknown[][] = [];
  for await (const portion of samplePortions(file, 'f', wanted, bytes)) found.push(portion);
  return found;
}

const numbers = (count: number): number[][] => Array.from({ length: count }, (_, i) => [i, i / 2]);
const forms: readonly (readonly [string, string | Uint8Array, Partial<SamplesFor>])[] = [
  [
    'a table with names',
    `kind,wide,long\n${numbers(60)
      .map(([a, b]) => `x,${b},${a}`)
      .join('\n')}\n`,
    {},
  ],
  [
    'a table with remarks before its names',
    `# mine\n\nwide;long\n${numbers(60)
      .map(([a, b]) => `${b};${a}`)
      .join('\r\n')}`,
    {},
  ],
  [
    'a table with line ends in quoted cells',
    `"no\nte",long,wide\n${numbers(60)
      .map((pair) => `"a\n""b""",${pair.join()}`)
      .join('\n')}\n`,
    {},
  ],
  [
    'a table without names',
    numbers(60)
      .map((pair) => pair.join())
      .join('\n'),
    {},
  ],
  [
    'a table with old line ends',
    `long,wide\r${numbers(60)
      .map((pair) => pair.join())
      .join('\r')}\r`,
    {},
  ],
  [
    'JSON lines',
    numbers(60)
      .map((pair) => JSON.stringify(pair))
      .join('\n'),
    {},
  ],
  [
    'records',
    numbers(60)
      .map(([long, wide]) => JSON.stringify({ long, wide }))
      .join('\n\n'),
    {},
  ],
  ['one JSON document', JSON.stringify(numbers(60), null, 2), {}],
  [
    'texts',
    numbers(60)
      .map((pair) => `text ${pair.join(' ')}`)
      .join('\n'),
    { isText: true },
  ],
  [
    'an IDX file',
    idxBytes(
      [120, 1, 2],
      Array.from({ length: 240 }, (_, i) => i),
    ),
    { names: undefined },
  ],
];

test.each(forms)('portions of any size give the same samples of %s', async (_, content, changes) => {
  const wanted = { ...usual, ...changes };
  const whole = readSamples(typeof content === 'string' ? new TextEncoder().encode(content) : content, 'f', wanted).map((one) =>
    JSON.stringify(one),
  );
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 700 }), async (bytes) => {
      expect((await portions(content, bytes, wanted)).flat().map((one) => JSON.stringify(one))).toEqual(whole);
    }),
    { numRuns: 40 },
  );
});

test('a file of many samples is read in several portions', async () => {
  for (const [name, content, changes] of forms) {
    if (name !== 'one JSON document') expect((await portions(content, 100, { ...usual, ...changes })).length, name).toBeGreaterThan(1);
  }
});

describe('mistakes far into a file', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['a word', `long,wide\n${'1,2\n'.repeat(99)}1,tall\n`, 'f: line 101, column "wide": must be a finite number, got "tall"'],
    ['a short line', `${'1,2\n'.repeat(99)}1\n`, 'f: line 100: must have 2 cells'],
    ['broken JSON', `${'[1,2]\n'.repeat(99)}[1,\n`, 'f: line 100: is not JSON: [1,'],
    [
      'an IDX file that is cut off',
      idxBytes(
        [40, 2],
        Array.from({ length: 75 }, () => 1),
      ),
      'f: is cut off',
    ],
    [
      'bytes after an IDX file',
      idxBytes(
        [40, 2],
        Array.from({ length: 81 }, () => 1),
      ),
      'f: has bytes after its end',
    ],
    [
      'an IDX file of another shape',
      idxBytes(
        [40, 3],
        Array.from({ length: 120 }, () => 1),
      ),
      'f: holds samples of shape [3], the student takes [2]',
    ],
    [
      'an IDX file of labels',
      idxBytes(
        [90],
        Array.from({ length: 90 }, () => 1),
      ),
      'is it the file of labels?',
    ],
    ['an IDX file without samples', idxBytes([0, 2], []), 'f: holds no samples'],
    ['an empty file', '', 'f: is empty'],
    ['names without samples', 'long,wide\n', 'f: holds no samples'],
  ])('the message names the place of %s', async (_, content, message) => {
    for (const bytes of [50, 1e6]) await expect(portions(content, bytes)).rejects.toThrow(message);
  });
});

const changed = limits as { lineBytes: number; fileBytes: number };
const { lineBytes, fileBytes } = limits;
afterEach(() => void Object.assign(changed, { lineBytes, fileBytes }));

test.each([
  ['a row with an open quote', `long,wide\n1,"2\n${'3,4\n'.repeat(300)}`, 'f: line 2: is longer than 300 bytes'],
  ['one JSON document', JSON.stringify(numbers(200), null, 2), 'f: line 1: is longer than 400 bytes'],
])('reading of a large file stops at %s', async (_, content, message) => {
  Object.assign(changed, { lineBytes: 300, fileBytes: 400 });
  await expect(portions(content, 50)).rejects.toThrow(message);
});
