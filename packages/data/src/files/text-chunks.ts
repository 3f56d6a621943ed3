import { limits, type OpenFile } from '@temper/core';
import { decodeText, encodingOf, notText } from './decode-text.js';
import { joined } from './joined.js';

/** Gives a text file in pieces of UTF-8 without a byte order mark; UTF-16, which a mark shows, is converted on the way. */
export async function* textChunks(file: OpenFile, source: string, onRead?: (stored: number) => void): AsyncGenerator<Uint8Array> {
  let convert: ((chunk?: Uint8Array) => Uint8Array) | undefined;
  let pending: Uint8Array = new Uint8Array(0);
  for await (const chunk of file.chunks(onRead)) {
    pending = joined(pending, chunk);
    if (convert === undefined && pending.length < 3) continue;
    convert ??= converter(encodingOf(pending), source);
    yield convert(pending);
    pending = new Uint8Array(0);
  }
  convert ??= converter(encodingOf(pending), source);
  yield convert(pending);
  yield convert();
}

/** Without an argument: the remaining text. */
function converter(encoding: string, source: string): (chunk?: Uint8Array) => Uint8Array {
  if (encoding === 'utf-8') {
    let isFirst = true;
    return (chunk = new Uint8Array(0)) => {
      const marked = isFirst && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
      isFirst = false;
      return marked ? chunk.subarray(3) : chunk;
    };
  }
  const decoder = new TextDecoder(encoding, { fatal: true });
  const encoder = new TextEncoder();
  return (chunk) => {
    try {
      return encoder.encode(decoder.decode(chunk, { stream: chunk !== undefined }));
    } catch (cause) {
      throw notText(source, cause);
    }
  };
}

/** Lines that are enough to find out how a table is written. */
const enough = 64;

/** Line ends in a piece of a text, counted up to somewhat more than are enough. */
function linesIn(chunk: Uint8Array): number {
  let lines = 0;
  for (let i = 0; i < chunk.length && lines <= enough; i++) if (chunk[i] === 0x0a || chunk[i] === 0x0d) lines++;
  return lines;
}

/** The first complete lines of a text, line ends as \n; the complete text where it is short. */
export async function firstLines(file: OpenFile, source: string): Promise<string> {
  let bytes: Uint8Array = new Uint8Array(0);
  let lines = 0;
  let isComplete = true;
  for await (const chunk of textChunks(file, source)) {
    bytes = joined(bytes, chunk);
    lines += linesIn(chunk);
    if (lines > enough || bytes.length > limits.lineBytes) {
      isComplete = false;
      break;
    }
  }
  const end = isComplete ? bytes.length : Math.max(bytes.lastIndexOf(0x0a), bytes.lastIndexOf(0x0d)) + 1;
  return decodeText(bytes.subarray(0, end), source).replace(/\r\n?/g, '\n');
}
