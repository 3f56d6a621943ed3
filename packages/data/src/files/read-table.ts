import Papa from 'papaparse';
import { decodeText } from './decode-text.js';
import { invalid } from './invalid.js';
import { layoutOf, type Column, type Layout, type LayoutOptions } from './layout.js';

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
  /** Where a sample's label stands, for messages: `line 7, column "species"`. */
  labelAt(sample: number): string;
}

/**
 * Reads a CSV file.
 * @throws TemperError `data/invalid` naming line and column for the first cell that cannot be used.
 */
export function readTable(bytes: Uint8Array, source: string, options: LayoutOptions): Table {
  const text = decodeText(bytes, source);
  const rows: Float64Array[] = [];
  const labels: string[] = [];
  const starts: number[] = [];
  let layout: Layout | undefined;
  let start = 0;
  Papa.parse<string[]>(text, {
    delimiter: options.separator,
    step({ data: cells, errors: [problem], meta }) {
      const at = start;
      start = meta.cursor;
      if (cells.length === 1 && cells[0]?.trim() === '') return;
      if (problem !== undefined) throw invalid(source, `line ${lineAt(text, at)}: ${problem.message.toLowerCase()}`, 'A quote within a quoted cell is written twice.');
      const isHeader = layout === undefined && options.header;
      layout ??= layoutOf(cells, options, source);
      if (isHeader) return;
      if (cells.length !== layout.columns) {
        throw invalid(source, `line ${lineAt(text, at)}: must have ${layout.columns} cells, as many as the first line, got ${cells.length}`);
      }
      rows.push(numbersOf(cells, layout, (column) => `${source}: line ${lineAt(text, at)}, ${column}`));
      labels.push((cells[layout.label] as string).trim());
      starts.push(at);
    },
  });
  if (layout === undefined || rows.length === 0) throw invalid(source, layout === undefined ? 'is empty' : 'holds no samples, only the names of its columns');
  const { label, inputs, inputColumns, nameOf } = layout;
  const all = new Float64Array(rows.length * inputs.length);
  rows.forEach((row, i) => all.set(row, i * inputs.length));
  return {
    source,
    size: rows.length,
    width: inputs.length,
    inputs: all,
    inputColumns,
    labels,
    labelAt: (sample) => `line ${lineAt(text, starts[sample] as number)}, ${nameOf(label)}`,
  };
}

/** Number of the line that a position in the text is in; lines are counted only when a message needs one. */
function lineAt(text: string, position: number): number {
  const before = text.slice(0, position);
  return 1 + (before.match(/\r\n|\n|\r/g)?.length ?? 0);
}

function numbersOf(cells: readonly string[], { inputs, nameOf }: Layout, place: (column: string) => string): Float64Array {
  const row = new Float64Array(inputs.length);
  inputs.forEach((column, i) => {
    const cell = (cells[column] as string).trim();
    const number = Number(cell);
    if (cell === '' || !Number.isFinite(Math.fround(number))) throw refuseCell(cell, place(nameOf(column)));
    row[i] = number;
  });
  return row;
}

function refuseCell(cell: string, place: string): Error {
  if (cell === '') return invalid(place, 'is empty; it must be a number', 'Fill it in, or leave the line or the column out.');
  const hint = /^-?\d+,\d+$/.test(cell) ? 'Write decimals with a point.' : Number.isNaN(Number(cell)) ? 'List the columns with numbers as inputs, or encode this one as numbers.' : undefined;
  return invalid(place, `must be a finite number, got ${JSON.stringify(cell)}`, hint);
}
