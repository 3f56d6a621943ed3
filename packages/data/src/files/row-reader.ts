import { limits } from '@temper/core';
import { invalid } from './invalid.js';
import { joined } from './joined.js';
import type { SplitRow } from './split-row.js';

/** How the rows of a table are processed. */
export interface RowHandler {
  /** Takes the row at `start`, where it is plain, and returns where the next one begins; −1: it must be split cell by cell. */
  fast(bytes: Uint8Array, start: number, line: number): number;
  /** Divides the row at `start`; undefined where it does not end before `limit`. */
  split(bytes: Uint8Array, start: number, limit: number): SplitRow | undefined;
  /** Called after each piece of the text. */
  settle(): Promise<void>;
  /** Takes a row that was split. */
  slow(row: SplitRow, bytes: Uint8Array, start: number, line: number): void;
}

const [newline, carriageReturn] = [0x0a, 0x0d];

/** The last line end before `end`; −1 where there is none. A text without carriage returns is not searched for one as a whole. */
function lastLineEnd(bytes: Uint8Array, end: number): number {
  const found = bytes.subarray(0, end).lastIndexOf(newline);
  const later = bytes.subarray(found + 1, end).lastIndexOf(carriageReturn);
  return later < 0 ? found : found + 1 + later;
}

const openQuote = 'Is a quote left open? A quote within a quoted cell is written twice.';

/**
 * Divides a text that comes in pieces into rows. Lines end with \n, \r\n or \r, also in one file.
 * @throws TemperError `data/invalid` for a quote that stays open, and for a row that is longer than `limits.lineBytes`.
 */
export async function readRows(chunks: AsyncIterable<Uint8Array>, source: string, handler: RowHandler): Promise<void> {
  let pending: Uint8Array = new Uint8Array(0);
  let line = 1;

  function take(bytes: Uint8Array, limit: number): number {
    let start = 0;
    while (start < limit) {
      const next = handler.fast(bytes, start, line);
      if (next >= 0) {
        start = next;
        line += 1;
        continue;
      }
      const row = handler.split(bytes, start, limit);
      if (row === undefined) return start;
      handler.slow(row, bytes, start, line);
      line += row.lines;
      start = row.next;
    }
    return start;
  }

  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    const bytes = joined(pending, chunk);
    // A carriage return at the end may be the first half of a line end.
    const known = bytes.at(-1) === carriageReturn ? bytes.length - 1 : bytes.length;
    const limit = 1 + lastLineEnd(bytes, known);
    const taken = take(bytes, limit);
    pending = bytes.slice(taken);
    await handler.settle();
    if (pending.length > limits.lineBytes) {
      throw invalid(source, `line ${line}: is longer than ${limits.lineBytes.toLocaleString('en')} bytes`, openQuote);
    }
  }
  if (pending.length > 0) takeRest();
  await handler.settle();

  function takeRest(): void {
    const rest = pending.at(-1) === newline ? pending : joined(pending, Uint8Array.of(newline));
    if (take(rest, rest.length) < rest.length)
      throw invalid(source, `line ${line}: a quoted cell has no closing quote`, 'A quote within a quoted cell is written twice.');
  }
}
