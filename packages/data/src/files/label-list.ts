import { limits } from '@temper/core';
import { decodeText } from './decode-text.js';
import { ascii } from './parse-row.js';
import { invalid } from './invalid.js';

/** Where a label was met first, for messages. */
export interface FirstPlace {
  readonly line: number;
  readonly quote: string;
}

/** The labels of a table in the order of its samples; each different text is kept once. */
export interface LabelList {
  /** Adds the label that a row has between two positions; `place` is called for a label that is new. */
  addBytes(bytes: Uint8Array, from: number, to: number, place: () => FirstPlace): void;
  add(label: string, place: () => FirstPlace): void;
  labels(): readonly string[];
  firstPlaceOf(label: string): FirstPlace;
}

/** More different labels than this are not quoted in messages, which saves memory. */
const mostQuoted = 10_000;

export function labelList(source: string): LabelList {
  const all: string[] = [];
  const places = new Map<string, FirstPlace>();
  /** Labels by their bytes, one character for each byte. */
  const known = new Map<string, string>();

  const add = (label: string, place: () => FirstPlace): void => {
    if (!places.has(label)) {
      if (places.size >= limits.classes) {
        const hint = 'Is another column the label? Measurements have to be put into classes first, for instance low and high.';
        throw invalid(source, `the column of labels holds more than ${limits.classes.toLocaleString('en')} different values`, hint);
      }
      const { line, quote } = place();
      places.set(label, { line, quote: places.size < mostQuoted ? quote : `Line ${line}.` });
    }
    all.push(label);
  };
  return {
    add,
    addBytes(bytes, from, to, place) {
      const key = ascii(bytes, from, to);
      let label = known.get(key);
      if (label === undefined) {
        label = decodeText(bytes.subarray(from, to), source).trim();
        known.set(key, label);
      }
      add(label, place);
    },
    labels: () => all,
    firstPlaceOf: (label) => places.get(label) ?? { line: 0, quote: '' },
  };
}
