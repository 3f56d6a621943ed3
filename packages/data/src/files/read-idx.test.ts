import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { idxBytes } from '../testing/idx-bytes.js';
import { readIdx } from './read-idx.js';

const shape = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
const file = shape.chain((lengths) => {
  const count = lengths.reduce((a, b) => a * b, 1);
  return fc.record({ lengths: fc.constant(lengths), values: fc.uint8Array({ minLength: count, maxLength: count }) });
});

describe('an IDX file', () => {
  test.prop([file])('readIdx returns the shape and the bytes of the file', ({ lengths, values }) => {
    expect(readIdx(idxBytes(lengths, values), 'a')).toEqual({ shape: lengths, values });
  });

  test.prop([file, fc.nat()])('readIdx refuses a file that is cut off at any byte', ({ lengths, values }, at) => {
    const bytes = idxBytes(lengths, values);
    expect(() => readIdx(bytes.subarray(0, at % bytes.length), 'a.idx')).toThrow(/^a\.idx: is (empty|cut off|not an IDX file)/);
  });

  test.each([
    [0x09, [255, 1], Int32Array.of(-1, 1)],
    [0x0b, [255, 254, 1, 0], Int32Array.of(-2, 256)],
    [0x0c, [255, 255, 255, 253, 0, 1, 0, 0], Int32Array.of(-3, 65536)],
    [0x0d, [0x3f, 0x80, 0, 0, 0xc0, 0x20, 0, 0], Float32Array.of(1, -2.5)],
    [0x0e, [0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 0xc0, 0x04, 0, 0, 0, 0, 0, 0], Float32Array.of(1, -2.5)],
  ])('readIdx reads numbers of type %i with the high byte first', (code, bytes, values) => {
    expect(readIdx(idxBytes([2], bytes, code), 'a')).toEqual({ shape: [2], values });
  });

  test('readIdx reads a file that begins anywhere in its buffer', () => {
    const bytes = Uint8Array.of(9, ...idxBytes([1, 2], [7, 8])).subarray(1);
    expect(readIdx(bytes, 'a')).toEqual({ shape: [1, 2], values: Uint8Array.of(7, 8) });
  });
});

describe('refusals with their reasons', () => {
  test.each<[string, Uint8Array, string]>([
    ['empty', new Uint8Array(0), 'a.idx: is empty'],
    ['cut off within the header', idxBytes([2, 2], [1, 2, 3, 4]).subarray(0, 9), 'a.idx: is cut off within its header: 9 bytes of 12'],
    ['cut off', idxBytes([2, 2], [1, 2, 3]), 'a.idx: is cut off: 2 × 2 numbers take 16 bytes, got 15'],
    ['too long', idxBytes([2, 2], [1, 2, 3, 4, 5]), 'a.idx: has bytes after its end: 2 × 2 numbers take 16 bytes, got 17'],
    [
      'huge according to its header',
      idxBytes([0xffffffff, 0xffffffff], [1]),
      'a.idx: is cut off: 4294967295 × 4294967295 numbers take 18446744065119617037 bytes, got 13',
    ],
    [
      'an array of 255 dimensions',
      idxBytes(new Array<number>(255).fill(2), [1]),
      'a.idx: has 255 dimensions; at most 8 are read, and one for the samples',
    ],
    ['an array of an unknown type', idxBytes([1], [1], 0x0a), 'a.idx: is not an IDX file: it starts with 00 00 0a 01'],
    ['an array without dimensions', Uint8Array.of(0, 0, 8, 0), 'a.idx: is not an IDX file: it starts with 00 00 08 00'],
    ['compressed', Uint8Array.of(0x1f, 0x8b, 8, 0), 'It is compressed twice (gzip)'],
    ['a zip archive', Uint8Array.of(0x50, 0x4b, 3, 4), 'It is a zip archive'],
    ['a web page', new TextEncoder().encode('<!doctype html>'), 'It is a web page'],
    ['three bytes long', Uint8Array.of(0, 0, 8), 'is not an IDX file'],
  ])('readIdx refuses a file that is %s', (_, bytes, message) => {
    expect(() => readIdx(bytes, 'a.idx')).toThrow(
      expect.objectContaining({ code: 'data/invalid', message: expect.stringContaining(message) }),
    );
  });
});
