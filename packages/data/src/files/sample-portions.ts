import { limits, type OpenFile } from '@temper/core';
import { invalid } from './invalid.js';
import { joined } from './joined.js';
import { beginningOf, checkLength, openIdx } from './read-idx.js';
import { readSamples, type SamplesFor } from './read-samples.js';
import { textChunks } from './text-chunks.js';

/** Bytes of a file that become samples at once; samples take some ten times as much in memory. */
const usualBytes = 8_000_000;
const [newline, carriageReturn, quote] = [0x0a, 0x0d, 0x22];

/**
 * Reads the samples of a file of any size in portions, in order: in the forms and with the errors of `readSamples`. A JSON document
 * over several lines is read at once, up to `limits.fileBytes`.
 * @throws TemperError `data/invalid` naming the line and what is wrong with it.
 */
export async function* samplePortions(file: OpenFile, source: string, wanted: SamplesFor, bytes = usualBytes): AsyncGenerator<unknown[]> {
  const [first, second] = await beginningOf(file, 5);
  yield* first === 0 && second === 0
    ? idxPortions(file, source, wanted, bytes)
    : textPortions(textChunks(file, source), source, wanted, bytes);
}

/** Pieces of complete samples, each under a header that counts them. */
async function* idxPortions(file: OpenFile, source: string, wanted: SamplesFor, bytes: number): AsyncGenerator<unknown[]> {
  const header = await openIdx(file, source);
  const [size = 0] = header.shape;
  const width = size === 0 ? 0 : (header.bytes - header.start) / size;
  const start = await beginningOf(file, header.start);
  const piece = (rows: number, data: Uint8Array): Uint8Array => {
    const all = joined(start.slice(), data);
    new DataView(all.buffer, all.byteOffset).setUint32(4, rows);
    return all;
  };
  // A shape that is not that of the samples is refused before anything of the file's size is read.
  if (width === 0) yield readSamples(start, source, wanted);
  let [pending, position]: [Uint8Array, number] = [new Uint8Array(0), 0];
  for await (const chunk of file.chunks()) {
    pending = joined(pending, chunk.subarray(Math.max(0, header.start - position)));
    position += chunk.length;
    if (position > header.bytes) checkLength(header, position, source, file.size === undefined ? 'at least ' : '');
    const rows = Math.floor(pending.length / width);
    if (rows === 0 || (pending.length < bytes && position < header.bytes)) continue;
    yield readSamples(piece(rows, pending.subarray(0, rows * width)), source, wanted);
    pending = pending.slice(rows * width);
  }
  checkLength(header, position, source);
}

/** Pieces of complete lines; those of a table each under the first line. */
async function* textPortions(
  chunks: AsyncIterable<Uint8Array>,
  source: string,
  wanted: SamplesFor,
  bytes: number,
): AsyncGenerator<unknown[]> {
  let pending: Uint8Array = new Uint8Array(0);
  let form: Form | undefined;
  let [before, hasAny] = [0, false];
  let first: Uint8Array | undefined;
  for await (const chunk of chunks) {
    pending = joined(pending, chunk);
    if (pending.length < bytes) continue;
    form ??= formOf(pending, source, wanted);
    const end = form.endOf(pending);
    if (end === 0 && pending.length > form.most) throw tooLong(source, before + 1, form.most);
    if (end === 0) continue;
    const samples = form.read(pending.subarray(0, end), before);
    first ??= pending.slice(0, end);
    hasAny ||= samples.length > 0;
    before += linesIn(pending.subarray(0, end));
    pending = pending.slice(end);
    if (samples.length > 0) yield samples;
  }
  if (form === undefined || first === undefined) yield readSamples(pending, source, wanted);
  else if (!isBlank(pending)) yield form.read(pending, before);
  else if (!hasAny) yield readSamples(first, source, wanted);
}

/** How a text is divided into samples. */
interface Form {
  /** Bytes of the longest line. */
  readonly most: number;
  /** Where the last complete line ends; 0: nowhere. */
  endOf(bytes: Uint8Array): number;
  /** The samples of complete lines that come after so many others. */
  read(bytes: Uint8Array, before: number): unknown[];
}

function formOf(bytes: Uint8Array, source: string, wanted: SamplesFor): Form {
  const text = new TextDecoder().decode(bytes.subarray(0, 1000)).trimStart();
  const isJson = '[{'.includes(text[0] ?? ' ') || (wanted.isText && text.startsWith('"'));
  const read: Form['read'] = (piece, before) => readSamples(piece, source, wanted, before);
  const most = limits.fileBytes;
  if (isJson) return { most, endOf: isOneDocument(bytes) ? () => 0 : lastLineEnd, read };
  return wanted.isText ? { most, endOf: lastLineEnd, read } : tableForm(source, wanted);
}

/** A JSON document whose first line is not valid JSON continues on the next lines. */
function isOneDocument(bytes: Uint8Array): boolean {
  const end = bytes.indexOf(newline);
  if (end < 0) return false;
  try {
    JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)) || '0');
    return false;
  } catch {
    return true;
  }
}

/** Line ends within quotes belong to cells, and every piece has the names of the columns above it. */
function tableForm(source: string, wanted: SamplesFor): Form {
  let head: Uint8Array | undefined;
  let isSample = false;
  const endOf = (bytes: Uint8Array): number => {
    let [isInside, end] = [false, 0];
    for (let i = 0; i < bytes.length; i++) {
      if (bytes[i] === quote) isInside = !isInside;
      else if (!isInside && endsLine(bytes, i)) end = i + 1;
    }
    return end;
  };
  return {
    most: limits.lineBytes,
    endOf,
    read(bytes, before) {
      if (head === undefined) {
        const row = firstRow(bytes, endOf);
        head = row?.bytes;
        if (row === undefined) return [];
        isSample = isSampleAlone(row.bytes, wanted);
        return isSample || !isBlank(bytes.subarray(row.end)) ? readSamples(bytes, source, wanted, before) : [];
      }
      return readSamples(joined(head, bytes), source, wanted, before - 1).slice(isSample ? 1 : 0);
    },
  };
}

/** Whether the first row is a sample: names of columns alone are refused as a file without samples. */
function isSampleAlone(row: Uint8Array, wanted: SamplesFor): boolean {
  try {
    return readSamples(row, '', wanted).length === 1;
  } catch {
    return false;
  }
}

/** The first row that is neither a comment nor empty, and where it ends. */
function firstRow(
  bytes: Uint8Array,
  endOf: (bytes: Uint8Array) => number,
): { readonly bytes: Uint8Array; readonly end: number } | undefined {
  let start = 0;
  for (let end = 1; end <= bytes.length; end++) {
    if (!endsLine(bytes, end - 1)) continue;
    const row = bytes.slice(start, end);
    const closed = joined(row, Uint8Array.of(newline));
    if (endOf(closed) !== closed.length) continue;
    const text = new TextDecoder().decode(row).trim();
    if (text !== '' && !text.startsWith('#')) return { bytes: row, end };
    start = end;
  }
  return undefined;
}

const isBlank = (bytes: Uint8Array): boolean => new TextDecoder().decode(bytes).trim() === '';

/** Whether a line ends with this byte: \n, or \r without \n. What follows the last byte of a piece is not known. */
const endsLine = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === newline || (bytes[at] === carriageReturn && at + 1 < bytes.length && bytes[at + 1] !== newline);

function lastLineEnd(bytes: Uint8Array): number {
  let at = bytes.length - 1;
  while (at >= 0 && !endsLine(bytes, at)) at -= 1;
  return at + 1;
}

/** Lines as `readSamples` counts them. */
function linesIn(bytes: Uint8Array): number {
  let lines = 0;
  for (let i = 0; i < bytes.length; i++) if (endsLine(bytes, i)) lines += 1;
  return lines;
}

const tooLong = (source: string, line: number, most: number): Error =>
  invalid(source, `line ${line}: is longer than ${most.toLocaleString('en')} bytes`, 'Write one sample a line. Is a quote left open?');
