import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { HostArray } from '@temper/core';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';

const encoded = (...given: Parameters<typeof encodeSafetensors>): Buffer => Buffer.concat(encodeSafetensors(...given));
const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });
const array: fc.Arbitrary<HostArray> = fc.tuple(fc.constantFrom('float32', 'int32', 'bool'), shape).chain(([dtype, sizes]) => {
  const length = sizes.reduce((a, b) => a * b, 1);
  const all = { minLength: length, maxLength: length };
  const data: fc.Arbitrary<HostArray['data']> = {
    float32: fc.float32Array(all),
    int32: fc.int32Array(all),
    bool: fc.uint8Array({ ...all, max: 1 }),
  }[dtype];
  return data.map((values) => ({ dtype, shape: sizes, data: values }));
});
const name = fc.string({ unit: 'grapheme' }).filter((one) => one !== '__metadata__' && one !== '__proto__');

describe('safetensors', () => {
  test.prop([
    fc.dictionary(name, array, { noNullPrototype: true }),
    fc.dictionary(name, fc.string(), { noNullPrototype: true }),
    fc.nat(7),
  ])('encoded arrays and metadata are decoded again at any offset in memory', (arrays, metadata, offset) => {
    const bytes = encoded(arrays, metadata);
    const shifted = new Uint8Array(bytes.length + offset);
    shifted.set(bytes, offset);
    expect(decodeSafetensors(shifted.subarray(offset))).toEqual({ arrays, metadata });
    expect(decodeSafetensors(bytes)).toEqual({ arrays, metadata });
  });

  test("encoded bytes are those of the format's specification", () => {
    const bytes = encoded({ a: { dtype: 'float32', shape: [2], data: Float32Array.of(1, -2) } });
    const header = '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}  ';
    expect(bytes.readBigUInt64LE(0)).toBe(BigInt(header.length));
    expect(bytes.subarray(8, 8 + header.length).toString()).toBe(header);
    expect(bytes.subarray(8 + header.length)).toEqual(Buffer.from(Float32Array.of(1, -2).buffer));
    expect(header.length % 8).toBe(0);
  });

  test('encoded bytes are read by a Python program written from the format alone', async () => {
    const file = join(await temporaryFolder(), 'x.safetensors');
    await writeFile(
      file,
      encoded(
        {
          w: { dtype: 'float32', shape: [2, 2], data: Float32Array.of(0.5, 1, 2, 4) },
          n: { dtype: 'int32', shape: [], data: Int32Array.of(-7) },
        },
        { step: '3' },
      ),
    );
    const program = `
import json, struct, sys
with open(sys.argv[1], 'rb') as f: b = f.read()
n, = struct.unpack('<Q', b[:8]); h = json.loads(b[8:8+n]); d = b[8+n:]
get = lambda k, c: [v[0] for v in struct.iter_unpack('<' + c, d[slice(*h[k]['data_offsets'])])]
print(json.dumps([h['__metadata__'], h['w']['shape'], get('w', 'f'), h['n']['shape'], get('n', 'i')]))`;
    const { stdout } = await promisify(execFile)('python3', ['-c', program, file]);
    expect(JSON.parse(stdout)).toEqual([{ step: '3' }, [2, 2], [0.5, 1, 2, 4], [], [-7]]);
  });

  const whole = encoded({
    a: { dtype: 'float32', shape: [4], data: Float32Array.of(1, 2, 3, 4) },
    b: { dtype: 'bool', shape: [3], data: Uint8Array.of(1, 0, 1) },
  });
  test.prop([fc.integer({ min: 0, max: whole.length - 1 })])('a truncated file is refused at any length', (length) => {
    expect(() => decodeSafetensors(whole.subarray(0, length))).toThrow(/^safetensors: /);
  });

  const withHeader = (header: unknown, data = 8): Buffer => {
    const text = Buffer.from(JSON.stringify(header));
    const start = Buffer.alloc(8);
    start.writeBigUInt64LE(BigInt(text.length));
    return Buffer.concat([start, text, Buffer.alloc(data)]);
  };
  test.each([
    [[], 'its header is not a JSON object'],
    [null, 'its header is not a JSON object'],
    [{ a: null }, 'entry for "a" is not complete'],
    [{ a: { dtype: 'F32', shape: [2] } }, 'entry for "a" is not complete'],
    [{ a: { dtype: 'F32', shape: [-2], data_offsets: [0, 8] } }, 'entry for "a" is not complete'],
    [{ a: { dtype: 'BF16', shape: [4], data_offsets: [0, 8] } }, '"a" is of type BF16; known are F32, I32, BOOL'],
    [{ a: { dtype: 'F32', shape: [3], data_offsets: [0, 8] } }, '"a" [3] does not fit into 8 bytes'],
    [{ a: { dtype: 'F32', shape: [2], data_offsets: [4, 12] } }, 'it is cut off: "a" ends at byte 12 of 8'],
    [{ a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, 'its arrays take 4 bytes, but it holds 8'],
  ])('header %j is refused', (header, message) => {
    expect(() => decodeSafetensors(withHeader(header))).toThrow(message);
  });

  test('a header that is longer than the file or not JSON is refused', () => {
    expect(() => decodeSafetensors(Buffer.alloc(8, 0xff))).toThrow('it is truncated: its header is longer than its 8 bytes');
    expect(() => decodeSafetensors(Buffer.concat([Buffer.from([3, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{"a')]))).toThrow('not JSON');
  });

  test.each([
    [
      { x: { dtype: 'float32', shape: [3], data: Float32Array.of(1) } },
      '"x" is declared as float32 [3], but its data is a Float32Array of 1',
    ],
    [{ x: { dtype: 'int32', shape: [1], data: Float32Array.of(1) } }, '"x" is declared as int32 [1], but its data is a Float32Array of 1'],
    [{ __metadata__: { dtype: 'bool', shape: [1], data: Uint8Array.of(1) } }, 'cannot be named __metadata__'],
  ] as const)('array %# is refused', (arrays, message) => {
    expect(() => encodeSafetensors(arrays)).toThrow(message);
  });
});
