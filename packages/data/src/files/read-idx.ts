import { limits, type OpenFile, type ScratchFile, sizeOf } from '@temper/core';
import { invalid } from './invalid.js';
import { joined } from './joined.js';

/** Content of an IDX file: numbers, and how they are arranged. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly values: Numbers;
}

export type Numbers = Uint8Array | Float32Array | Int32Array;

/** The header of an IDX file. */
export interface IdxHeader {
  readonly shape: readonly number[];
  readonly type: ElementType;
  /** Numbers in the file. */
  readonly count: number;
  /** Where the numbers begin, and how many bytes the complete file has. */
  readonly start: number;
  readonly bytes: number;
}

/** A type of numbers, by how it is stored and kept. */
export interface ElementType {
  readonly bytes: number;
  /** Bytes of a number in memory. */
  readonly kept: number;
  make(count: number): Numbers;
  /** Decodes the complete numbers of `bytes` into `into`, from place `at` on. */
  decode(bytes: Uint8Array, into: Numbers, at: number): void;
}

type Get = (view: DataView, at: number) => number;

const numbers = (bytes: number, make: new (length: number) => Numbers, get: Get): ElementType => ({
  bytes,
  kept: 4,
  make: (count) => new make(count),
  decode(from, into, at) {
    const view = viewOf(from);
    const count = Math.floor(from.length / bytes);
    for (let i = 0; i < count; i++) into[at + i] = get(view, i * bytes);
  },
});

/** The third byte of a file names the type of its numbers, which are stored with the high byte first. */
const elementTypes: Readonly<Record<number, ElementType>> = {
  0x08: { bytes: 1, kept: 1, make: (count) => new Uint8Array(count), decode: (bytes, into, at) => into.set(bytes, at) },
  0x09: numbers(1, Int32Array, (view, at) => view.getInt8(at)),
  0x0b: numbers(2, Int32Array, (view, at) => view.getInt16(at)),
  0x0c: numbers(4, Int32Array, (view, at) => view.getInt32(at)),
  0x0d: numbers(4, Float32Array, (view, at) => view.getFloat32(at)),
  0x0e: numbers(8, Float32Array, (view, at) => view.getFloat64(at)),
};

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
/** The longest header that is looked at: of a byte for the number of dimensions. */
const headerBytes = 4 + 4 * 255;
/** The largest compression of gzip. */
const strongestPacking = 1100;
const again = 'Copy or download the file again.';

/**
 * Reads the header of an IDX file: two zero bytes, the type of its numbers, the number of dimensions, the length of each (32 bits,
 * high byte first).
 * @throws TemperError `data/invalid` for another kind of file, a header that is cut off, and sizes beyond the limits.
 */
export function idxHeader(beginning: Uint8Array, source: string): IdxHeader {
  if (beginning.length === 0) throw invalid(source, 'is empty', again);
  const [zero, alsoZero, code = 0, dimensions = 0] = beginning;
  const type = elementTypes[code];
  if (beginning.length < 4 || zero !== 0 || alsoZero !== 0 || type === undefined || dimensions === 0) throw notIdx(beginning, source);
  if (dimensions > limits.dimensions + 1) {
    throw invalid(
      source,
      `has ${dimensions} dimensions; at most ${limits.dimensions} are read, and one for the samples`,
      'Is it an IDX file?',
    );
  }
  const start = 4 + 4 * dimensions;
  if (beginning.length < start) throw invalid(source, `is cut off within its header: ${beginning.length} bytes of ${start}`, again);
  const shape = Array.from({ length: dimensions }, (_, axis) => viewOf(beginning).getUint32(4 + 4 * axis));
  const count = sizeOf(shape);
  return { shape, type, count, start, bytes: start + count * type.bytes };
}

/** Compares the size of a file with its header. */
export function checkLength({ shape, start, type, bytes }: IdxHeader, got: number, source: string, atLeast = ''): void {
  if (got === bytes) return;
  // Exact also where the product is larger than the numbers that a float holds.
  const expected = shape.reduce((product, length) => product * BigInt(length), BigInt(type.bytes)) + BigInt(start);
  const state = got < bytes ? 'is cut off' : 'has bytes after its end';
  throw invalid(source, `${state}: ${shape.join(' × ')} numbers take ${expected} bytes, got ${atLeast}${got}`, again);
}

/**
 * Reads an IDX file that is in memory.
 * @throws TemperError `data/invalid` for another kind of file, a file that is cut off, and bytes after the end.
 */
export function readIdx(bytes: Uint8Array, source: string): IdxArray {
  const header = idxHeader(bytes, source);
  checkLength(header, bytes.length, source);
  const values = header.type.make(header.count);
  header.type.decode(bytes.subarray(header.start), values, 0);
  return { shape: header.shape, values };
}

/** Reads the header of an IDX file of any size, and compares it with the size of the file. */
export async function openIdx(file: OpenFile, source: string): Promise<IdxHeader> {
  const header = idxHeader(await beginningOf(file, headerBytes), source);
  const [, ...sample] = header.shape;
  const values = sizeOf(sample);
  if (file.size !== undefined) checkLength(header, file.size, source);
  else if (header.bytes > strongestPacking * file.stored + headerBytes) checkLength(header, file.stored, source, 'a gzip file of only ');
  if (values > limits.sampleValues) {
    throw invalid(
      source,
      `has samples of ${values.toLocaleString('en')} numbers; at most ${limits.sampleValues.toLocaleString('en')} are read`,
    );
  }
  return header;
}

/**
 * Reads the numbers of an IDX file in pieces, in memory of their own size; unpacking ends where the header says that the file ends.
 * Undefined where an array of this size cannot be made.
 */
export async function loadIdx(
  file: OpenFile,
  header: IdxHeader,
  source: string,
  onRead?: (stored: number) => void,
): Promise<Numbers | undefined> {
  const { type, count, start, bytes } = header;
  const values = allocated(type, count);
  if (values === undefined) return undefined;
  let position = 0;
  let filled = 0;
  let carry: Uint8Array = new Uint8Array(0);
  for await (const chunk of file.chunks(onRead)) {
    const fresh = chunk.subarray(Math.max(0, start - position));
    position += chunk.length;
    if (position > bytes) checkLength(header, position, source, file.size === undefined ? 'at least ' : '');
    const ready = carry.length === 0 ? fresh : joined(carry, fresh);
    const complete = ready.length - (ready.length % type.bytes);
    type.decode(ready.subarray(0, complete), values, filled);
    filled += complete / type.bytes;
    carry = ready.slice(complete);
  }
  checkLength(header, position, source);
  return values;
}

/** Unpacks an IDX file to the disk, where its samples can be read one by one. */
export async function copyIdx(file: OpenFile, header: IdxHeader, source: string, scratch: ScratchFile): Promise<OpenFile> {
  let position = 0;
  for await (const chunk of file.chunks()) {
    position += chunk.length;
    if (position > header.bytes) checkLength(header, position, source, 'at least ');
    await scratch.append(chunk);
  }
  checkLength(header, position, source);
  return scratch.finish();
}

function allocated({ make }: ElementType, count: number): Numbers | undefined {
  try {
    return make(count);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The first bytes of a file, fewer where it is shorter. */
export async function beginningOf(file: OpenFile, length: number): Promise<Uint8Array> {
  let beginning: Uint8Array = new Uint8Array(0);
  for await (const chunk of file.chunks()) {
    beginning = joined(beginning, chunk.subarray(0, length - beginning.length));
    if (beginning.length >= length) break;
  }
  return beginning;
}

function notIdx(bytes: Uint8Array, source: string): Error {
  const first = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const what = kinds.find(({ magic }) => first.startsWith(magic));
  return invalid(
    source,
    `is not an IDX file: it starts with ${first}, which must be 00 00, a type (08 for bytes) and the number of dimensions`,
    what?.hint ?? 'Give the files as they are published, for instance train-images-idx3-ubyte.gz.',
  );
}

const kinds = [
  { magic: '1f 8b', hint: 'It is compressed twice (gzip): unpack it once.' },
  { magic: '50 4b', hint: 'It is a zip archive: unpack it and give the files in it.' },
  { magic: '3c', hint: 'It is a web page, perhaps from a failed download: download the file again.' },
];
