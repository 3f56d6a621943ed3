import { invalid } from './invalid.js';

/** What an IDX file holds: numbers, and how they are arranged. Bytes are not copied. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array | Float32Array | Int32Array;
}

interface ElementType {
  readonly bytes: number;
  read(bytes: Uint8Array, count: number): IdxArray['values'];
}

type Numbers = Int32Array | Float32Array;
type Get = (view: DataView, at: number) => number;

const numbers = (bytes: number, into: new (length: number) => Numbers, get: Get): ElementType => ({
  bytes,
  read(from, count) {
    const view = viewOf(from);
    return new into(count).map((_, i) => get(view, i * bytes));
  },
});

/** The third byte of a file names the type of its numbers, which are stored with the high byte first. */
const elementTypes: Readonly<Record<number, ElementType>> = {
  0x08: { bytes: 1, read: (bytes, count) => bytes.subarray(0, count) },
  0x09: numbers(1, Int32Array, (view, at) => view.getInt8(at)),
  0x0b: numbers(2, Int32Array, (view, at) => view.getInt16(at)),
  0x0c: numbers(4, Int32Array, (view, at) => view.getInt32(at)),
  0x0d: numbers(4, Float32Array, (view, at) => view.getFloat32(at)),
  0x0e: numbers(8, Float32Array, (view, at) => view.getFloat64(at)),
};

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Reads an IDX file: two zero bytes, the type of its numbers, the number of dimensions, the length of each (32 bits,
 * high byte first), then the numbers.
 * @throws TemperError `data/invalid` for another kind of file, a file that is cut off, and bytes after the end.
 */
export function readIdx(bytes: Uint8Array, source: string): IdxArray {
  if (bytes.length === 0) throw invalid(source, 'is empty', 'Copy or download the file again.');
  const [zero, alsoZero, code = 0, dimensions = 0] = bytes;
  const type = elementTypes[code];
  if (bytes.length < 4 || zero !== 0 || alsoZero !== 0 || type === undefined || dimensions === 0) throw notIdx(bytes, source);
  const start = 4 + 4 * dimensions;
  if (bytes.length < start) throw invalid(source, `is cut off within its header: ${bytes.length} bytes of ${start}`, 'Copy or download the file again.');
  const shape = Array.from({ length: dimensions }, (_, axis) => viewOf(bytes).getUint32(4 + 4 * axis));
  const count = shape.reduce((product, length) => product * length, 1);
  const expected = start + count * type.bytes;
  if (bytes.length !== expected) {
    const state = bytes.length < expected ? 'is cut off' : 'has bytes after its end';
    throw invalid(source, `${state}: ${shape.join(' × ')} numbers take ${expected} bytes, got ${bytes.length}`, 'Copy or download the file again.');
  }
  return { shape, values: type.read(bytes.subarray(start), count) };
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
  { magic: '1f 8b', hint: 'It is compressed (gzip) once more than expected: unpack it.' },
  { magic: '50 4b', hint: 'It is a zip archive: unpack it and give the files in it.' },
  { magic: '3c', hint: 'It is a web page, perhaps what a failed download left: download the file again.' },
];
