import { nearest } from '@temper/core';
import { invalid } from './invalid.js';
import { separators, type TableForm } from './table-form.js';

/** A column by its name in the first line, or by its number: from 0, or from −1 for the last one backwards. */
export type Column = string | number;

export interface LayoutOptions {
  /** `last` is the last column where none has that name. */
  readonly label: Column;
  readonly inputs?: readonly Column[] | undefined;
}

/** The roles of the cells of a line. */
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
export function layoutOf(cells: readonly string[], options: LayoutOptions, form: TableForm, source: string): Layout {
  const { label, inputs } = options;
  const { header } = form;
  checkFirstLine(cells, form, source);
  const names = header ? cells.map((cell) => cell.trim()) : [];
  const find = (column: Column): number => (typeof column === 'number' ? byNumber(column) : byName(column));
  const byNumber = (column: number): number => {
    const from0 = column < 0 ? cells.length + column : column;
    if (from0 >= 0 && from0 < cells.length) return from0;
    throw invalid(source, `has no column ${column}; it has ${cells.length}, numbered from 0, or from −1 backwards`);
  };
  const byName = (column: string): number => {
    const found = names.flatMap((name, i) => (name === column ? [i] : []));
    if (found.length > 1)
      throw invalid(source, `has ${found.length} columns "${column}"`, `Give the number of the one you mean: ${found.join(', ')}.`);
    if (found[0] !== undefined) return found[0];
    if (column === 'last') return cells.length - 1;
    // Columns without names are identified by their numbers, also in a saved student.
    if (!header && /^\d+$/.test(column)) return byNumber(Number(column));
    if (!header)
      throw invalid(
        source,
        `has no column "${column}", since header is false`,
        'Give the column its number, from 0 or, backwards, from −1.',
      );
    throw unknownColumn(column, names, source);
  };
  const target = find(label);
  const chosen = inputs?.map(find) ?? cells.map((_, i) => i).filter((i) => i !== target);
  if (chosen.includes(target)) {
    const hint = 'A network would only copy it: remove it from inputs.';
    throw invalid(source, `column ${JSON.stringify(label)} is the label and an input as well`, hint);
  }
  return {
    columns: cells.length,
    label: target,
    inputs: chosen,
    inputColumns: header
      ? chosen.map((column) => (names.filter((name) => name === names[column]).length > 1 ? column : (names[column] as string)))
      : chosen,
    nameOf: (column) => (header ? `column "${names[column]}"` : `column ${column}`),
  };
}

function checkFirstLine(cells: readonly string[], { header, separator }: TableForm, source: string): void {
  if (cells.length < 2) {
    const other = [...separators, ' '].find((one) => one !== separator && cells[0]?.trim().includes(one));
    const hint =
      other === undefined
        ? 'It needs a column with the label and at least one with numbers.'
        : `Is the separator ${JSON.stringify(other)}?`;
    throw invalid(source, `has only one column with the separator ${JSON.stringify(separator)}`, hint);
  }
  if (header && cells.every((cell) => cell.trim() !== '' && Number.isFinite(Number(cell)))) {
    const hint = "Where the first line is a sample, leave header out or set it to false, and give the label its number or 'last'.";
    throw invalid(source, 'line 1 must name the columns, got only numbers', hint);
  }
}

function unknownColumn(column: string, names: readonly string[], source: string): Error {
  const near = nearest(column, names);
  const listed = `Columns: ${names.slice(0, 20).join(', ')}${names.length > 20 ? `, … (${names.length} in all)` : ''}.`;
  const hint = `${listed} A column may also be given by its number, the last one as 'last'.`;
  return invalid(source, `has no column "${column}"${near === undefined ? '' : `; did you mean "${near}"?`}`, hint);
}
