import { decodeText } from './decode-text.js';
import { tableForm } from './table-form.js';

/** What a file of samples holds, by its content. */
export type KindOfFile = 'images' | 'labels' | 'table' | 'text' | 'json' | 'other';

const idxTypes: readonly number[] = [0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x0e];

/**
 * Returns the kind of a file from its first bytes: IDX `images` (samples) or `labels`, a `table` (CSV), other `text`, `json`, or something
 * else. Compressed files must be unpacked first.
 * @param comments Beginning of the lines that a table leaves out.
 * @example kindOfFile(new TextEncoder().encode('x;y\n1;a\n2;b\n')) // 'table'
 */
export function kindOfFile(beginning: Uint8Array, comments: string | false = '#'): KindOfFile {
  const [zero, alsoZero, type = 0, dimensions = 0] = beginning;
  if (zero === 0 && alsoZero === 0 && idxTypes.includes(type) && dimensions > 0) return dimensions === 1 ? 'labels' : 'images';
  const text = textOf(beginning);
  if (text === undefined) return 'other';
  if (/^\s*[{[]\s*["{[\]}]/.test(text)) return 'json';
  if (/^\s*<(!doctype|html|\?xml)/i.test(text)) return 'other';
  return tableForm(text, { comments }, undefined).columns > 1 ? 'table' : 'text';
}

/** Texts hold no control characters but tabs and line ends. */
const isReadable = (text: string): boolean => !Array.from(text.slice(0, 4096)).some((character) => character < '\t');

/** The text at the start of a file, which may end within a character. */
function textOf(bytes: Uint8Array): string | undefined {
  for (let cut = 0; cut < Math.min(4, bytes.length); cut++) {
    try {
      const text = decodeText(bytes.subarray(0, bytes.length - cut), '');
      return isReadable(text) ? text : undefined;
    } catch {
      // One byte less may end with a complete character.
    }
  }
  return undefined;
}
