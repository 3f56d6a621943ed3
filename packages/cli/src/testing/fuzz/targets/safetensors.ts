import type { RandomStream } from '@temper/core';
import { decodeSafetensors, encodeSafetensors } from '@temper/node';
import { changedBytes } from '../change-bytes.js';
import { changedValue } from '../change-value.js';
import { jsonText, oneOf } from '../odd-values.js';
import type { Target } from '../target.js';

const seeds = [
  encodeSafetensors({}),
  encodeSafetensors({ kernel: { dtype: 'float32', shape: [2, 3], data: new Float32Array(6).fill(0.5) } }),
  encodeSafetensors(
    {
      a: { dtype: 'int32', shape: [], data: Int32Array.of(7) },
      b: { dtype: 'bool', shape: [3], data: Uint8Array.of(0, 1, 1) },
      c: { dtype: 'float32', shape: [0, 4], data: new Float32Array(0) },
      d: { dtype: 'float32', shape: [40], data: new Float32Array(40).fill(-1) },
    },
    { made: 'by a test' },
  ),
].map((parts) => Buffer.concat(parts));

const headers = seeds.map(headerOf);

/** safetensors files: their bytes, and headers with other names, types, shapes and offsets over the same data. */
export const safetensors: Target = {
  name: 'safetensors',
  what: 'safetensors files',
  start: () =>
    Promise.resolve({
      attempt(random) {
        const bytes = random.integer(2) === 0 ? changedBytes(oneOf(seeds, random), random, seeds) : withChangedHeader(random);
        return { given: bytes, run: () => decodeSafetensors(bytes) };
      },
    }),
};

function headerOf(file: Buffer): unknown {
  return JSON.parse(file.toString('utf8', 8, 8 + Number(file.readBigUInt64LE()))) as unknown;
}

function withChangedHeader(random: RandomStream): Uint8Array {
  const index = random.integer(seeds.length);
  const file = seeds[index] as Buffer;
  const data = file.subarray(8 + Number(file.readBigUInt64LE()));
  const header = Buffer.from(jsonText(changedValue(headers[index], random, { donors: headers })));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(random.integer(8) === 0 ? BigInt(oneOf([0, 7, 2 ** 31, 2 ** 53], random)) : BigInt(header.length));
  return Buffer.concat([length, header, data]);
}
