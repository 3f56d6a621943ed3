import { expect, test } from 'vitest';
import { decodeSafetensors } from './safetensors.js';

function file(header: object, bytes: number): Uint8Array {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(bytes)]);
}
const f32 = (from: number, to: number) => ({ dtype: 'F32', shape: [(to - from) / 4], data_offsets: [from, to] });

test.each([
  ['overlap', { a: f32(0, 8), b: f32(4, 12), c: f32(12, 16) }, 20],
  ['are the same bytes twice', { a: f32(0, 8), b: f32(0, 8) }, 16],
  ['leave a gap', { a: f32(0, 4), b: f32(8, 12) }, 8],
])('arrays that %s are refused although their sizes add up', (_how, header, bytes) => {
  expect(() => decodeSafetensors(file(header, bytes))).toThrow(/begins at byte|cut off/);
});

test('empty arrays may be at any offset between the others', () => {
  const { arrays } = decodeSafetensors(file({ b: f32(0, 8), a: f32(0, 0), c: f32(8, 8) }, 8));
  expect(Object.keys(arrays).sort()).toEqual(['a', 'b', 'c']);
});
