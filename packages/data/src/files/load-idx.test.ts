import { fc, test } from '@fast-check/vitest';
import type { OpenFile } from '@temper/core';
import { describe, expect } from 'vitest';
import { idxBytes } from '../testing/idx-bytes.js';
import { memoryFiles } from '../testing/memory-files.js';
import { loadIdx, openIdx, readIdx } from './read-idx.js';

/** A file whose size is not known, like a compressed one; counts the pieces that are taken. */
function packed(bytes: Uint8Array, { piece = 7, stored = bytes.length } = {}): OpenFile & { taken: number } {
  const file = {
    stored,
    taken: 0,
    async *chunks() {
      for (let at = 0; at < bytes.length; at += piece) {
        file.taken += 1;
        yield bytes.subarray(at, at + piece);
      }
    },
    pieces: async () => new Uint8Array(0),
  };
  return file;
}

const load = async (file: OpenFile) => loadIdx(file, await openIdx(file, 'a.gz'), 'a.gz');

describe('an IDX file in pieces', () => {
  const codes = fc.constantFrom([0x08, 1], [0x09, 1], [0x0b, 2], [0x0c, 4], [0x0d, 4], [0x0e, 8]);
  const content = codes.chain(([code, width]) =>
    fc.integer({ min: 0, max: 30 }).chain((count) =>
      fc.record({
        code: fc.constant(code as number),
        count: fc.constant(count),
        bytes: fc.uint8Array({ minLength: count * (width as number), maxLength: count * (width as number) }),
      }),
    ),
  );

  test.prop([content, fc.integer({ min: 1, max: 50 })])(
    'a file read in pieces has the same numbers as a file read at once',
    async ({ code, count, bytes }, piece) => {
      const whole = idxBytes([count], bytes, code);
      expect(await load(packed(whole, { piece }))).toEqual(readIdx(whole, 'a').values);
    },
  );

  test.prop([content, fc.nat()])('a file that is cut off at any byte is refused', async ({ code, count, bytes }, at) => {
    const whole = idxBytes([count], bytes, code);
    await expect(load(packed(whole.subarray(0, at % whole.length)))).rejects.toThrow(/^a\.gz: is (empty|cut off|not an IDX file)/);
  });

  test.prop([fc.uint8Array({ maxLength: 60 })], { numRuns: 300 })('arbitrary bytes are read or refused with a reason', async (bytes) => {
    const file = memoryFiles({ a: Uint8Array.of(0, 0, ...bytes) });
    const result = await load(await file.open('a')).catch((error: unknown) => error);
    if (result instanceof Error) expect(result).toMatchObject({ code: 'data/invalid' });
    else expect(ArrayBuffer.isView(result)).toBe(true);
  });

  test('a compressed file is not unpacked beyond its end', async () => {
    const file = packed(idxBytes([10], new Uint8Array(1_000_000)));
    await expect(load(file)).rejects.toThrow('a.gz: has bytes after its end: 10 numbers take 18 bytes, got at least 21');
    expect(file.taken).toBeLessThan(300);
  });

  test('a header that claims more than the file holds is refused before allocation', async () => {
    const claim = idxBytes([0xffffffff, 100, 100], [1]);
    await expect(load(packed(claim))).rejects.toThrow(
      'a.gz: is cut off: 4294967295 × 100 × 100 numbers take 42949672950016 bytes, got a gzip file of only 17',
    );
  });

  test('a file with more samples than the limit is refused', async () => {
    await expect(load(packed(idxBytes([1, 100_000, 1001], [1]), { stored: 1e9 }))).rejects.toThrow(
      'a.gz: has samples of 100,100,000 numbers; at most 100,000,000 are read',
    );
  });
});
