import { limits } from '@temper/core';
import { decodeText } from './decode-text.js';
import { invalid } from './invalid.js';

/** Where a label occurs first, for messages. */
export interface FirstPlace {
  readonly line: number;
  readonly quote: string;
}

/** The labels of a table in the order of its samples; each different text is kept once. */
export interface LabelList {
  /** Adds a label of the row that begins at `start`, in line `line`. */
  add(label: string, bytes: Uint8Array, start: number, line: number): void;
  /** Adds the label that the row has between two positions. */
  addBytes(bytes: Uint8Array, from: number, to: number, start: number, line: number): void;
  labels(): readonly string[];
  firstPlaceOf(label: string): FirstPlace;
}

/** More different labels than this are not quoted in messages, which saves memory. */
const mostQuoted = 10_000;

/** `quote` gives the text of the row that begins at `start`, for messages. */
export function labelList(source: string, quote: (bytes: Uint8Array, start: number, line: number) => string): LabelList {
  const all: string[] = [];
  const places = new Map<string, FirstPlace>();
  /** Labels by a hash of their bytes: labels that occurred before need no new text. */
  const known = new Map<number, { readonly bytes: Uint8Array; readonly label: string }>();

  const add: LabelList['add'] = (label, bytes, start, line) => {
    if (!places.has(label)) {
      if (places.size >= limits.classes) {
        const hint = 'Is another column the label? Measurements must be grouped into classes first, for instance low and high.';
        throw invalid(source, `the column of labels holds more than ${limits.classes.toLocaleString('en')} different values`, hint);
      }
      places.set(label, { line, quote: places.size < mostQuoted ? quote(bytes, start, line) : `Line ${line}.` });
    }
    all.push(label);
  };
  return {
    add,
    addBytes(bytes, from, to, start, line) {
      let hash = to - from;
      for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0;
      const met = known.get(hash);
      if (met !== undefined && isAt(bytes, from, to, met.bytes)) {
        all.push(met.label);
        return;
      }
      const label = decodeText(bytes.subarray(from, to), source).trim();
      if (met === undefined) known.set(hash, { bytes: bytes.slice(from, to), label });
      return add(label, bytes, start, line);
    },
    labels: () => all,
    firstPlaceOf: (label) => places.get(label) ?? { line: 0, quote: '' },
  };
}

/** Whether some bytes are those between two positions. */
function isAt(bytes: Uint8Array, from: number, to: number, wanted: Uint8Array): boolean {
  if (to - from !== wanted.length) return false;
  for (let i = 0; i < wanted.length; i++) if (bytes[from + i] !== wanted[i]) return false;
  return true;
}
