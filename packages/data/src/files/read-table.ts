import Papa from 'papaparse';
import { decodeText } from './decode-text.js';
import { invalid } from './invalid.js';
import { layoutOf, type Column, type Layout, type LayoutOptions } from './layout.js';
import { sourceLines, type SourceLines } from './source-lines.js';
import { tableForm, type FormOptions } from './table-form.js';

/** The samples of a CSV file: their numbers one after the other, their labels as they are written. */
export interface Table {
  readonly source: string;
  readonly size: number;
  /** Numbers in one sample. */
  readonly width: number;
  /** As they are written, in float64. */
  readonly inputs: Float64Array;
  readonly inputColumns: readonly Column[];
  readonly labels: readonly string[];
  /** Where a sample's label is, for messages: `line 7, column "species"`. */
  labelAt(sample: number): string;
  /** The line of a sample, for hints: `Line 7: 5.1, 3.5, setosa`. */
  lineOf(sample: number): string;
  /** What was assumed of the file and may be wrong. */
  readonly warnings: readonly string[];
}

export interface TableOptions extends LayoutOptions, FormOptions {}

/**
 * Reads a CSV file. Lines that are empty, or hold only empty cells, are skipped.
 * @throws TemperError `data/invalid` naming line and column for the first cell that cannot be used.
 */
export function readTable(bytes: Uint8Array, source: string, options: TableOptions): Table {
  const text = decodeText(bytes, source);
  const form = tableForm(text, options, typeof options.label === 'string' && options.label !== 'last' ? options.label : undefined);
  const lines = sourceLines(text, options.comments);
  const rows: Float64Array[] = [];
  const labels: string[] = [];
  const starts: number[] = [];
  let layout: Layout | undefined;
  let next = 0;
  let begin: number | undefined;
  Papa.parse<string[]>(text, {
    delimiter: form.separator,
    comments: options.comments,
    step({ data, errors: [problem], meta }) {
      const at = lines.rowFrom(next);
      next = meta.cursor;
      if (data.every((cell) => cell.trim() === '')) return;
      const place = `line ${lines.numberAt(at)}`;
      if (problem !== undefined)
        throw invalid(
          source,
          `${place}: ${problem.message.toLowerCase()}`,
          `A quote within a quoted cell is written twice.\n  ${lines.quote(at)}`,
        );
      const cells = form.trailing && data.at(-1)?.trim() === '' ? data.slice(0, -1) : data;
      begin ??= at;
      const isHeader = layout === undefined && form.header;
      layout ??= layoutOf(cells, options, form, source);
      if (isHeader) return;
      if (cells.length !== layout.columns) {
        throw invalid(
          source,
          `${place}: must have ${layout.columns} cells, as many as the first line, got ${cells.length}`,
          lines.quote(at),
        );
      }
      rows.push(numbersOf(cells, layout, source, lines, at));
      labels.push((cells[layout.label] as string).trim());
      starts.push(at);
    },
  });
  if (layout === undefined || rows.length === 0)
    throw invalid(source, layout === undefined ? 'is empty' : 'holds no samples, only the names of its columns');
  const { label, inputs, inputColumns, nameOf, columns } = layout;
  const all = new Float64Array(rows.length * inputs.length);
  rows.forEach((row, i) => all.set(row, i * inputs.length));
  return {
    source,
    size: rows.length,
    width: inputs.length,
    inputs: all,
    inputColumns,
    labels,
    labelAt: (sample) => `line ${lines.numberAt(starts[sample] as number)}, ${nameOf(label)}`,
    lineOf: (sample) => lines.quote(starts[sample] as number),
    warnings: [
      ...(form.isCertain
        ? []
        : [
            `${source}: the first line is read as ${form.header ? 'the names of the columns' : 'a sample'}; set header to ${!form.header} if that is wrong`,
          ]),
      ...skippedSamples(lines, columns, form.separator, begin ?? 0, source),
    ],
  };
}

/** Comments within the table that look like samples. */
function skippedSamples(lines: SourceLines, columns: number, separator: string, begin: number, source: string): string[] {
  const looksAlike = (comment: string): boolean => Papa.parse<string[]>(comment, { delimiter: separator }).data[0]?.length === columns;
  const count = lines.commentsAfter(begin).filter(looksAlike).length;
  if (count === 0) return [];
  return [
    `${source}: ${count} lines that begin with # have as many cells as a sample and are skipped as comments; set comments to false if they are samples`,
  ];
}

function numbersOf(cells: readonly string[], { inputs, nameOf }: Layout, source: string, lines: SourceLines, at: number): Float64Array {
  const row = new Float64Array(inputs.length);
  inputs.forEach((column, i) => {
    const cell = (cells[column] as string).trim();
    const number = Number(cell);
    if (cell === '' || !Number.isFinite(Math.fround(number))) {
      throw refuseCell(cell, `${source}: line ${lines.numberAt(at)}, ${nameOf(column)}`, lines.quote(at, cells, column));
    }
    row[i] = number;
  });
  return row;
}

function refuseCell(cell: string, place: string, line: string): Error {
  const fill = 'fill it in, or leave the line or the column out.';
  if (cell === '') return invalid(place, 'is empty; it must be a number', `A missing value: ${fill}\n  ${line}`);
  return invalid(
    place,
    `must be a finite number, got ${JSON.stringify(cell)}`,
    [remedyOf(cell, fill), line].filter((one) => one !== undefined).join('\n  '),
  );
}

function remedyOf(cell: string, fill: string): string | undefined {
  if (/^-?\d+,\d+$/.test(cell)) return 'Write decimals with a point.';
  if (/^(na|n\/a|nan|null|none|\?|-)$/i.test(cell)) return `It stands for a missing value: ${fill}`;
  return Number.isNaN(Number(cell)) ? 'List the columns with numbers as inputs, or encode this one as numbers.' : undefined;
}
