import type { OpenFile } from '@temper/core';
import { invalid } from './invalid.js';
import { numberOf, refuseCell } from './number-cell.js';
import { labelList } from './label-list.js';
import { layoutOf, type Column, type Layout, type LayoutOptions } from './layout.js';
import { numberStore, type NumberStore, type Room } from './number-store.js';
import { labelColumn, rowParser, skippedColumn, type RowParser } from './parse-row.js';
import type { RowNumbers } from './row-numbers.js';
import { readRows } from './row-reader.js';
import { quoteLine } from './source-lines.js';
import { splitRow, type SplitRow } from './split-row.js';
import { tableForm, type FormOptions, type TableForm } from './table-form.js';
import { firstLines, textChunks } from './text-chunks.js';

/** The samples of a CSV file: their numbers one after the other, their labels as they are written. */
export interface Table {
  readonly source: string;
  readonly size: number;
  /** Numbers in one sample. */
  readonly width: number;
  /** As they are written, in float64. */
  readonly numbers: RowNumbers;
  /** Input columns that only count the lines: the samples in the order of the file. */
  readonly counting: readonly number[];
  readonly inputColumns: readonly Column[];
  readonly labels: readonly string[];
  /** Where a label occurs first, for messages: `line 7, column "species"`. */
  labelAt(sample: number): string;
  /** The line where the label of a sample occurs first, for hints: `Line 7: 5.1, 3.5, setosa`. */
  lineOf(sample: number): string;
  /** Assumptions about the file that may be wrong. */
  readonly warnings: readonly string[];
}

/** How the lines of a table are read: its form, its columns, and the memory its numbers may take. */
export interface TableOptions extends LayoutOptions, FormOptions {
  /** Where the numbers may go; left out, they are in memory. */
  readonly room?: Room;
}

const inMemory: Room = { memory: Infinity, scratch: undefined };

/** A table of which the first row is known. */
interface Started {
  readonly layout: Layout;
  readonly store: NumberStore;
  readonly parser: RowParser | undefined;
}

/**
 * Reads a CSV file in pieces, in memory of the size of its numbers. Lines that are empty, or hold only empty cells, are skipped.
 * @throws TemperError `data/invalid` naming line and column for the first cell that cannot be used.
 */
export async function readTable(file: OpenFile, source: string, options: TableOptions, onRead?: (stored: number) => void): Promise<Table> {
  const form = tableForm(
    await firstLines(file, source),
    options,
    typeof options.label === 'string' && options.label !== 'last' ? options.label : undefined,
  );
  const encoder = new TextEncoder();
  const separator = encoder.encode(form.separator);
  const mark = options.comments === false ? undefined : encoder.encode(options.comments);
  let share = 0;
  let table: Started | undefined;
  let likeSamples = 0;

  const lineText = (bytes: Uint8Array, start: number): string => {
    const end = bytes.subarray(start, start + 100_000).findIndex((byte) => byte === 0x0a || byte === 0x0d);
    return new TextDecoder().decode(bytes.subarray(start, end < 0 ? bytes.length : start + end));
  };
  const labels = labelList(source, (bytes, start, line) => quoteLine(line, lineText(bytes, start)));
  const isComment = (bytes: Uint8Array, start: number): boolean =>
    mark !== undefined && bytes[start] === mark[0] && mark.every((byte, i) => bytes[start + i] === byte);
  const begin = (cells: readonly string[]): Started => {
    const layout = layoutOf(cells, options, form, source);
    return {
      layout,
      store: numberStore(layout.inputs.length, () => share, options.room ?? inMemory, source),
      parser: parserOf(layout, form, separator),
    };
  };

  const chunks = textChunks(file, source, (stored) => {
    share = stored / Math.max(1, file.stored);
    onRead?.(stored);
  });
  await readRows(chunks, source, {
    settle: async () => table?.store.settle(),
    fast(bytes, start, line) {
      if (table?.parser === undefined || isComment(bytes, start)) return -1;
      const { store, parser } = table;
      const { values, at } = store.room();
      const next = parser.parse(bytes, start, values, at);
      if (next < 0) return -1;
      labels.addBytes(bytes, parser.labelFrom, parser.labelTo, start, line);
      store.keep();
      return next;
    },
    split: (bytes, start, limit) =>
      isComment(bytes, start) ? splitComment(bytes, start) : splitRow(bytes, start, limit, separator, source),
    slow(row, bytes, start, line) {
      if (isComment(bytes, start)) {
        if (table !== undefined && cellsOf(row.cells[0] ?? '', mark?.length ?? 0, separator, source) === table.layout.columns)
          likeSamples += 1;
        return;
      }
      if (row.cells.every((cell) => cell.trim() === '')) return;
      const quote = (cells?: readonly string[], column?: number): string => quoteLine(line, lineText(bytes, start), cells, column);
      if (row.problem !== undefined)
        throw invalid(source, `line ${line}: ${row.problem}`, `A quote within a quoted cell is written twice.\n  ${quote()}`);
      const cells = form.trailing && row.cells.at(-1)?.trim() === '' ? row.cells.slice(0, -1) : row.cells;
      const isHeader = table === undefined && form.header;
      table ??= begin(cells);
      if (isHeader) return;
      const { layout, store } = table;
      if (cells.length !== layout.columns) {
        throw invalid(source, `line ${line}: must have ${layout.columns} cells, as many as the first line, got ${cells.length}`, quote());
      }
      const { values, at } = store.room();
      layout.inputs.forEach((column, i) => {
        values[at + i] = numberOf(cells[column] as string, (cell) =>
          refuseCell(cell, `${source}: line ${line}, ${layout.nameOf(column)}`, quote(cells, column)),
        );
      });
      store.keep();
      labels.add((cells[layout.label] as string).trim(), bytes, start, line);
    },
  });
  const { layout, store } = (table as Started | undefined) ?? { layout: undefined, store: undefined };
  if (layout === undefined || store.rows === 0)
    throw invalid(source, layout === undefined ? 'is empty' : 'holds no samples, only the names of its columns');
  const all = labels.labels();
  return {
    source,
    size: store.rows,
    width: layout.inputs.length,
    numbers: store.finish(),
    counting: store.rows < 3 ? [] : store.counting,
    inputColumns: layout.inputColumns,
    labels: all,
    labelAt: (sample) => `line ${labels.firstPlaceOf(all[sample] as string).line}, ${layout.nameOf(layout.label)}`,
    lineOf: (sample) => labels.firstPlaceOf(all[sample] as string).quote,
    warnings: [
      ...(form.isCertain
        ? []
        : [
            `${source}: the first line is read as ${form.header ? 'the names of the columns' : 'a sample'}; set header to ` +
              `${!form.header} if that is wrong`,
          ]),
      ...(likeSamples === 0
        ? []
        : [
            `${source}: ${likeSamples} lines that begin with ${options.comments} have as many cells as a sample and are skipped ` +
              `as comments; set comments to false if they are samples`,
          ]),
    ],
  };
}

/** A parser of plain rows; undefined for a separator of several bytes or a column that is used twice, which need the slower splitting. */
function parserOf({ columns, inputs, label }: Layout, { trailing }: TableForm, separator: Uint8Array): RowParser | undefined {
  if (separator.length !== 1 || new Set(inputs).size < inputs.length) return undefined;
  const roles = new Int32Array(columns).fill(skippedColumn);
  inputs.forEach((column, i) => (roles[column] = i));
  roles[label] = labelColumn;
  return rowParser({ separator: separator[0] as number, roles, trailing });
}

/** A comment is a row of one cell, whatever it holds. */
function splitComment(bytes: Uint8Array, start: number): SplitRow {
  let end = start;
  while (bytes[end] !== 0x0a && bytes[end] !== 0x0d) end++;
  const next = bytes[end] === 0x0d && bytes[end + 1] === 0x0a ? end + 2 : end + 1;
  return { cells: [new TextDecoder().decode(bytes.subarray(start, end))], next, lines: 1 };
}

/** How many cells a comment would have as a row. */
function cellsOf(comment: string, mark: number, separator: Uint8Array, source: string): number {
  const bytes = new TextEncoder().encode(`${comment.slice(mark).trim()}\n`);
  return splitRow(bytes, 0, bytes.length, separator, source)?.cells.length ?? 0;
}
