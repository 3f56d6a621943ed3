import { fc, test } from '@fast-check/vitest';
import type { OpenFile } from '@temper/core';
import { TemperError } from '@temper/core';
import { describe, expect } from 'vitest';
import { readTable, type Table, type TableOptions } from './read-table.js';

/** A text file that comes in pieces of so many bytes. */
function fileOf(content: string | Uint8Array, piece: number): OpenFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return {
    size: bytes.length,
    stored: bytes.length,
    async *chunks() {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
    },
    pieces: async () => bytes,
  };
}

const options: TableOptions = { label: 'label', comments: '#', separator: ',', header: true };
const read = (content: string | Uint8Array, piece = 11, more: Partial<TableOptions> = {}): Promise<Table> =>
  readTable(fileOf(content, piece), 't.csv', { ...options, ...more });

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -3e38, max: 3e38 }).map(String),
  fc.integer().map(String),
  fc.tuple(fc.integer(), fc.nat({ max: 999_999_999 }), fc.integer({ min: -20, max: 20 })).map(([a, b, e]) => `${a}.${b}e${e}`),
  fc.double({ noNaN: true, min: -1, max: 1 }).map((x) => x.toPrecision(17)),
  fc.constantFrom(
    '-0',
    '.5',
    '7.',
    '+3',
    '1E5',
    '00012',
    '9007199254740993',
    '123456789012345678901234567890',
    '1e-40',
    '0x10',
    ' 4 ',
    '4\t',
  ),
);
const label = fc.string({ unit: fc.constantFrom('a', 'B', ' ', ',', '"', '\n', '\r', 'é', '𝄞', '#'), minLength: 1, maxLength: 5 });
const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const row = fc.record({
  a: number,
  b: number,
  label,
  quote: fc.boolean(),
  end: lineEnd,
  before: fc.constantFrom('', '', '', '\n', '# note, "one\r\n', ' , ,\r'),
});

describe('a table in pieces', () => {
  test.prop([fc.array(row, { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 60 }), lineEnd])(
    'a table in pieces has the written numbers and labels for all line ends',
    async (rows, piece, end) => {
      const text = rows.map((one) => `${one.before}${one.quote ? quoted(one.a) : one.a},${quoted(one.label)},${one.b}${one.end}`).join('');
      const table = await read(`a,label,b${end}${text}`, piece);
      expect(table.size).toBe(rows.length);
      expect(table.numbers.inMemory).toEqual(Float64Array.from(rows.flatMap(({ a, b }) => [Number(a), Number(b)])));
      expect(table.labels).toEqual(rows.map((one) => one.label.trim()));
    },
  );

  test.prop([fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 50 })], { numRuns: 300 })(
    'arbitrary bytes are read as a table or refused with a reason',
    async (bytes, piece) => {
      const result = await read(Uint8Array.of(...new TextEncoder().encode('a,label\n1,x\n'), ...bytes), piece).catch(
        (error: unknown) => error,
      );
      if (result instanceof Error) expect(result).toBeInstanceOf(TemperError);
      else expect((result as Table).numbers.inMemory?.every((value) => Number.isFinite(value))).toBe(true);
    },
  );

  test.prop([fc.integer({ min: 0, max: 40 }), lineEnd, fc.integer({ min: 1, max: 60 })])(
    'an error names the line of a mistake for all line ends',
    async (before, end, piece) => {
      const text = ['a,label', ...Array.from({ length: before }, (_, i) => `${i},x`), 'tall,x', '2,y'].join(end);
      await expect(read(text, piece)).rejects.toThrow(`t.csv: line ${before + 2}, column "a": must be a finite number, got "tall"`);
    },
  );

  test('a table in UTF-16 is converted while it is read', async () => {
    const text = 'a,label\r\n1,ö\r\n2,é\r\n';
    const bytes = new Uint8Array(Buffer.concat([Uint8Array.of(0xff, 0xfe), Buffer.from(text, 'utf16le')]));
    for (const piece of [1, 2, 5, 100]) expect((await read(bytes, piece)).labels).toEqual(['ö', 'é']);
  });

  test('a table without a final line end and one with only CR are read', async () => {
    expect((await read('a,label\r1,x\r2,y')).labels).toEqual(['x', 'y']);
    expect((await read('1,x', 2, { label: 1, header: false })).labels).toEqual(['x']);
  });

  test('columns and classes may have any name', async () => {
    const table = await read('__proto__,constructor,label\n1,2,__proto__\n3,4,toString\n');
    expect([table.inputColumns, table.labels]).toEqual([
      ['__proto__', 'constructor'],
      ['__proto__', 'toString'],
    ]);
  });
});

describe('tables that are too large', () => {
  test('a table larger than the memory limit is refused with its line', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => `${i},x`).join('\n');
    await expect(read(`a,label\n${rows}`, 1000, { room: { memory: 8000, scratch: undefined } })).rejects.toThrow(
      't.csv: does not fit in memory: the first 1,024 samples of 1 numbers take 8,192 bytes, and the limit is 8,000',
    );
  });

  test('a line larger than the limit is refused, as after an open quote', async () => {
    const open = `a,label\n1,x\n2,"${'y\n'.repeat(6_000_000)}`;
    await expect(read(open, 1 << 20)).rejects.toThrow('t.csv: line 3: is longer than 10,000,000 bytes\n  Is a quote left open?');
  });
});
