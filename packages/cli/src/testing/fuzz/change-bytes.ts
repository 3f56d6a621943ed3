import type { RandomStream } from '@temper/core';
import { oddNumbers, oddTexts, oneOf } from './odd-values.js';

/** The longest file that changes produce: a file that grows by doubling would reach gigabytes. */
const longest = 200_000;

/**
 * Returns a copy of a file with one to four changes: bits, bytes, lengths, pieces that are removed, doubled, inserted or taken from
 * another file.
 */
export function changedBytes(given: Uint8Array, random: RandomStream, donors: readonly Uint8Array[] = []): Uint8Array {
  let bytes = Buffer.from(given);
  for (let left = 1 + random.integer(4); left > 0; left--) bytes = Buffer.from(changedOnce(bytes, random, donors).subarray(0, longest));
  return bytes;
}

function changedOnce(bytes: Buffer, random: RandomStream, donors: readonly Uint8Array[]): Buffer {
  const at = random.integer(bytes.length + 1);
  const end = Math.min(bytes.length, at + 1 + random.integer(oneOf([1, 4, 40, bytes.length + 1], random)));
  const put = (piece: Uint8Array, until = at): Buffer => Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(until)]);
  switch (random.integer(12)) {
    case 0:
      return put(Uint8Array.of((bytes[at] ?? 0) ^ (1 << random.integer(8))), Math.min(at + 1, bytes.length));
    case 1:
      return put(
        Uint8Array.of(oneOf([0, 1, 7, 8, 10, 13, 34, 44, 45, 48, 127, 128, 195, 254, 255], random)),
        Math.min(at + 1, bytes.length),
      );
    case 2:
      return bytes.subarray(0, at);
    case 3:
      return put(Buffer.alloc(0), end);
    case 4:
      return put(bytes.subarray(at, end));
    case 5:
      return put(Uint8Array.from({ length: 1 + random.integer(20) }, () => random.integer(256)));
    case 6:
      return put(Buffer.from(oneOf(oddTexts, random)));
    case 7:
      return put(word(random), Math.min(at + 4, bytes.length));
    case 8:
      return withOddNumber(bytes, random);
    case 9:
      return withDoubledKey(bytes, random);
    case 10: {
      const donor = donors.length === 0 ? bytes : oneOf(donors, random);
      const from = random.integer(donor.length + 1);
      return put(donor.subarray(from, from + 1 + random.integer(donor.length)), end);
    }
    default:
      return put(bytes.subarray(0, Math.max(1, at)), random.integer(2) === 0 ? at : end);
  }
}

/** Returns a length of 32 bits, in either byte order. */
function word(random: RandomStream): Buffer {
  const buffer = Buffer.alloc(4);
  const value = oneOf([0, 1, 3, 255, 65_536, 0x7fffffff, 0x80000000, 0xffffffff], random);
  if (random.integer(2) === 0) buffer.writeUInt32BE(value);
  else buffer.writeUInt32LE(value);
  return buffer;
}

/** Replaces a number in the text by another one. */
function withOddNumber(bytes: Buffer, random: RandomStream): Buffer {
  const text = bytes.toString('latin1');
  const found = [...text.matchAll(/-?\d+(?:\.\d+)?/g)];
  if (found.length === 0) return bytes;
  const { 0: old, index } = oneOf(found, random);
  const odd = random.integer(5) === 0 ? '9'.repeat(400) : String(oneOf(oddNumbers, random));
  return Buffer.from(text.slice(0, index) + odd + text.slice(index + old.length), 'latin1');
}

/** Returns JSON that contains a key twice. */
function withDoubledKey(bytes: Buffer, random: RandomStream): Buffer {
  const text = bytes.toString('latin1');
  const found = [...text.matchAll(/"\w+":/g)];
  if (found.length === 0) return bytes;
  const { 0: key, index } = oneOf(found, random);
  return Buffer.from(`${text.slice(0, index)}${key}${JSON.stringify(oneOf(oddNumbers, random))},${text.slice(index)}`, 'latin1');
}
