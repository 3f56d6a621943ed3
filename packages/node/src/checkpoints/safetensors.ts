import { type HostArray, sizeOf, TemperError } from '@temper/core';

/** The name of each tensor type in the format. */
const kinds = {
  float32: { name: 'F32', array: Float32Array },
  int32: { name: 'I32', array: Int32Array },
  bool: { name: 'BOOL', array: Uint8Array },
} as const;
const dtypes = Object.keys(kinds) as readonly HostArray['dtype'][];

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const metadataKey = '__metadata__';
const alignment = 8;

/**
 * Encodes arrays in the safetensors format: eight bytes with the length of a JSON header, the header, the data. The parts are views of
 * the arrays, so nothing large is copied.
 * @throws TemperError `data/invalid` where a shape and its data disagree.
 * @see https://github.com/huggingface/safetensors
 */
export function encodeSafetensors(
  arrays: Readonly<Record<string, HostArray>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  let offset = 0;
  const entries: [string, Entry][] = [];
  const parts: Uint8Array[] = [];
  for (const [name, { dtype, shape, data }] of Object.entries(arrays)) {
    if (name === metadataKey) throw invalid(`an array cannot be named ${metadataKey}`);
    if (!(data instanceof kinds[dtype].array) || data.length !== sizeOf(shape)) {
      throw invalid(
        `"${name}" is declared as ${dtype} [${shape.join(', ')}], but its data is a ${data.constructor.name} of ` + `${data.length}`,
      );
    }
    entries.push([name, { dtype: kinds[dtype].name, shape, data_offsets: [offset, offset + data.byteLength] }]);
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    offset += data.byteLength;
  }
  const header = JSON.stringify(Object.fromEntries([...(Object.keys(metadata).length === 0 ? [] : [[metadataKey, metadata]]), ...entries]));
  const bytes = Buffer.from(header);
  const padded = Math.ceil(bytes.length / alignment) * alignment;
  const start = Buffer.alloc(8 + padded, ' ');
  start.writeBigUInt64LE(BigInt(padded));
  bytes.copy(start, 8);
  return [start, ...parts];
}

/**
 * Reads the safetensors format; arrays of types that no backend supports are refused.
 * @throws TemperError `data/invalid` for content that is truncated or inconsistent.
 */
export function decodeSafetensors(bytes: Uint8Array): {
  readonly arrays: Record<string, HostArray>;
  readonly metadata: Record<string, string>;
} {
  const { header, data } = split(bytes);
  const { [metadataKey]: metadata = {}, ...entries } = header as Record<string, Entry> & { [metadataKey]?: Record<string, string> };
  const arrays = Object.entries(entries).map(([name, entry]) => [name, read(name, entry, data)] as const);
  const total = arrays.reduce((sum, [, array]) => sum + array.data.byteLength, 0);
  checkDisjoint(entries);
  if (total !== data.length) throw invalid(`its arrays take ${total} bytes, but it holds ${data.length}`);
  return { arrays: Object.fromEntries(arrays), metadata: metadata };
}

/** Refuses arrays that overlap: some bytes would belong to no array, although the sizes add up. */
function checkDisjoint(entries: Readonly<Record<string, Entry>>): void {
  let end = 0;
  for (const [
    name,
    {
      data_offsets: [from, to],
    },
  ] of Object.entries(entries).sort(([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1])) {
    if (from !== end) throw invalid(`"${name}" begins at byte ${from}, where the arrays before it end at ${end}`);
    end = to;
  }
}

function split(bytes: Uint8Array): { readonly header: object; readonly data: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8 ? Number.NaN : Number(view.getBigUint64(0, true));
  if (!(8 + length <= bytes.length)) throw invalid(`it is truncated: its header is longer than its ${bytes.length} bytes`);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length)));
  } catch (cause) {
    throw invalid('its header is not JSON', cause);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw invalid('its header is not a JSON object');
  return { header, data: bytes.subarray(8 + length) };
}

function read(name: string, entry: Partial<Entry> | null, data: Uint8Array): HostArray {
  const { dtype: kind, shape, data_offsets: offsets } = entry ?? {};
  if (!isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) throw invalid(`the header's entry for "${name}" is not complete`);
  const dtype = dtypes.find((one) => kinds[one].name === kind);
  if (dtype === undefined)
    throw invalid(
      `"${name}" is of type ${typeof kind === 'string' ? kind : JSON.stringify(kind)}; known are ` +
        `${dtypes.map((one) => kinds[one].name).join(', ')}`,
    );
  const [begin, end] = offsets as [number, number];
  const { array } = kinds[dtype];
  if (end > data.length) throw invalid(`it is cut off: "${name}" ends at byte ${end} of ${data.length}`);
  if (end - begin !== sizeOf(shape) * array.BYTES_PER_ELEMENT)
    throw invalid(`"${name}" [${shape.join(', ')}] does not fit into ${end - begin} bytes`);
  // A copy, since typed arrays must start at a multiple of their element's size (and a slice of a Buffer is not a copy).
  return { dtype, shape, data: new array(new Uint8Array(data.subarray(begin, end)).buffer) };
}

const isCounts = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one >= 0);
const invalid = (message: string, cause?: unknown): TemperError =>
  new TemperError({ code: 'data/invalid', message: `safetensors: ${message}`, cause });
