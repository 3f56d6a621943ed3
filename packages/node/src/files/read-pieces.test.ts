import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect } from 'vitest';
import { readPieces } from './read-pieces.js';

const size = 3_000_000;
const content = Uint8Array.from({ length: size }, (_, i) => (i * i) >> 9);

const folder = mkdtempSync(join(tmpdir(), 'temper-test-'));
writeFileSync(join(folder, 'a'), content);
const descriptor = openSync(join(folder, 'a'), 'r');
afterAll(() => {
  closeSync(descriptor);
  rmSync(folder, { recursive: true });
});

describe.each([
  ['at once', Infinity],
  ['handed over', -1],
])('readPieces with reads %s', (_, longest) => {
  const near = fc.integer({ min: 0, max: 20_000 });
  const far = fc.integer({ min: 0, max: size - 5000 });
  test.prop([fc.array(fc.oneof(near, far), { maxLength: 1500 }), fc.integer({ min: 1, max: 5000 })])(
    'readPieces gives the bytes at all positions in the order of the request',
    async (positions, length) => {
      const expected = Buffer.concat(positions.map((position) => content.subarray(position, position + length)));
      expect(Buffer.compare(await readPieces(descriptor, positions, length, 'a', longest), expected)).toBe(0);
    },
  );

  test('readPieces reads more pieces than it requests at once', async () => {
    const positions = Array.from({ length: 5000 }, (_, i) => (i * 7919 * 5) % (size - 1));
    expect(await readPieces(descriptor, positions, 1, 'a', longest)).toEqual(
      Uint8Array.from(positions, (position) => content[position] as number),
    );
  });

  test('readPieces refuses a piece beyond the end of the file', async () => {
    const far = Array.from({ length: 20 }, (_at, i) => 100_000 * i);
    await expect(readPieces(descriptor, [...far, size - 2], 4, 'a', longest)).rejects.toThrow('a: became shorter while it was read');
  });
});
