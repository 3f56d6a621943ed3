import { decodeText } from './decode-text.js';

/** A row of a table, divided into its cells. */
export interface SplitRow {
  readonly cells: readonly string[];
  /** Where the next row begins. */
  readonly next: number;
  /** Line ends in the row, its own included: more than one where quoted cells hold some. */
  readonly lines: number;
  /** Why the row cannot be used. */
  readonly problem?: string;
}

const [quote, newline, carriageReturn, space] = [0x22, 0x0a, 0x0d, 0x20];

/**
 * Divides the row that begins at `start`; a quoted cell may hold separators, line ends and doubled quotes. The last byte before `limit` is
 * a line end. Undefined for a row that does not end before.
 */
export function splitRow(bytes: Uint8Array, start: number, limit: number, separator: Uint8Array, source: string): SplitRow | undefined {
  const cells: string[] = [];
  let i = start;
  let lines = 1;
  let problem: string | undefined;
  const isSeparator = (): boolean => separator.every((byte, k) => bytes[i + k] === byte);
  const isEnd = (): boolean => bytes[i] === newline || bytes[i] === carriageReturn || isSeparator();
  for (;;) {
    if (bytes[i] === quote) {
      const closing = closingQuote(bytes, i + 1, limit);
      if (closing === undefined) return undefined;
      const text = decodeText(bytes.subarray(i + 1, closing), source).replaceAll('""', '"');
      lines += text.match(/\r\n|\n|\r/g)?.length ?? 0;
      cells.push(text);
      i = closing + 1;
      while (bytes[i] === space && !isSeparator()) i++;
      if (!isEnd()) problem ??= 'a quoted cell has characters after its closing quote';
      while (!isEnd()) i++;
    } else {
      const from = i;
      while (!isEnd()) i++;
      cells.push(decodeText(bytes.subarray(from, i), source));
    }
    if (!isSeparator()) break;
    i += separator.length;
  }
  const next = bytes[i] === carriageReturn && bytes[i + 1] === newline ? i + 2 : i + 1;
  return { cells, next, lines, ...(problem === undefined ? {} : { problem }) };
}

/** Where a quoted cell ends whose content begins at `from`: doubled quotes belong to it. */
function closingQuote(bytes: Uint8Array, from: number, limit: number): number | undefined {
  let at = bytes.indexOf(quote, from);
  while (at >= 0 && at < limit && bytes[at + 1] === quote) at = bytes.indexOf(quote, at + 2);
  return at < 0 || at >= limit ? undefined : at;
}
