import { nearest } from '@temper/core';
import { invalid } from './invalid.js';

/** A column by its name in the first line, or by its number from 0. */
export type Column = string | number;

export interface LayoutOptions {
  readonly label: Column;
  readonly inputs?: readonly Column[] | undefined;
  readonly header: boolean;
  readonly separator: string;
}

/** Which cell of a line is what. */
export interface Layout {
  readonly columns: number;
  readonly label: number;
  readonly inputs: readonly number[];
  /** The input columns by name where they have one, so that they can be found again in another file. */
  readonly inputColumns: readonly Column[];
  /** A column as messages name it. */
  nameOf(column: number): string;
}

/** Finds the columns in the first line of a table, which names them or is itself a sample. */
export function layoutOf(cells: readonly string[], options: LayoutOptions, source: string): Layout {
  const { label, inputs, header } = options;
  checkFirstLine(cells, options, source);
  const find = (column: Column): number => {
    if (typeof column === 'number') {
      if (column < cells.length) return column;
      throw invalid(source, `has no column ${column}; it has ${cells.length}, numbered from 0`);
    }
    if (!header) throw invalid(source, `has no column "${column}", since header is false`, 'Give the column its number, from 0.');
    const found = cells.flatMap((cell, i) => (cell.trim() === column ? [i] : []));
    if (found.length > 1) throw invalid(source, `has ${found.length} columns "${column}"`, `Give the number of the one you mean: ${found.join(', ')}.`);
    return found[0] ?? unknownColumn(column, cells, source);
  };
  const target = find(label);
  const chosen = inputs?.map(find) ?? cells.map((_, i) => i).filter((i) => i !== target);
  if (chosen.includes(target)) throw invalid(source, `column ${JSON.stringify(label)} is the label and an input as well`, 'A network would only have to copy it: leave it out of inputs.');
  return {
    columns: cells.length,
    label: target,
    inputs: chosen,
    inputColumns: header ? chosen.map((column) => (cells[column] as string).trim()) : chosen,
    nameOf: (column) => (header ? `column "${cells[column]?.trim()}"` : `column ${column}`),
  };
}

function checkFirstLine(cells: readonly string[], { header, separator }: LayoutOptions, source: string): void {
  if (cells.length < 2) {
    const other = [',', ';', '\t', '|'].find((one) => one !== separator && cells[0]?.includes(one));
    const hint = other === undefined ? 'It needs a column with the label and at least one with numbers.' : `Is the separator ${JSON.stringify(other)}?`;
    throw invalid(source, `has only one column with the separator ${JSON.stringify(separator)}`, hint);
  }
  if (header && cells.every((cell) => cell.trim() !== '' && Number.isFinite(Number(cell)))) {
    throw invalid(source, 'line 1 must name the columns, got only numbers', 'Set header to false where the first line is a sample; columns then go by their number.');
  }
}

function unknownColumn(column: string, cells: readonly string[], source: string): never {
  const names = cells.map((cell) => cell.trim());
  const near = nearest(column, names);
  const hint = `Columns: ${names.slice(0, 20).join(', ')}${names.length > 20 ? `, … (${names.length} in all)` : ''}.`;
  throw invalid(source, `has no column "${column}"${near === undefined ? '' : `; did you mean "${near}"?`}`, hint);
}
