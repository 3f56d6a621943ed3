import Papa from 'papaparse';

/** How a table is written. */
export interface TableForm {
  readonly separator: string;
  /** Whether its first line names the columns. */
  readonly header: boolean;
  /** Whether every line ends with a separator, so that the last cell is always empty. */
  readonly trailing: boolean;
  /** Cells in a line; 1 where no separator makes more of it. */
  readonly columns: number;
  /** False where the first line might as well be a sample. */
  readonly isCertain: boolean;
}

export interface FormOptions {
  readonly separator?: string | undefined;
  readonly header?: boolean | undefined;
  readonly comments: string | false;
}

export const separators = [';', '\t', ',', '|'] as const;
/** Lines that are looked at. */
const lines = 40;

/**
 * Detects the form of a table from its first lines, as far as the options do not give it; `label` is the column of the label if it is given
 * by name.
 */
export function tableForm(text: string, options: FormOptions, label: string | undefined): TableForm {
  const rows = (separator: string): string[][] => firstRows(text, separator, options.comments);
  const separator = options.separator ?? bestSeparator(rows);
  const found = rows(separator);
  const trailing = found.length > 1 && found.every((row) => row.length > 2 && row.at(-1)?.trim() === '');
  const header = options.header ?? (label === undefined ? undefined : true);
  const columns = Math.max(1, ...(scoreOf(found) > 0 ? [found[0]?.length ?? 1] : []));
  return { separator, trailing, columns, ...(header === undefined ? headerOf(found) : { header, isCertain: true }) };
}

function firstRows(text: string, delimiter: string, comments: string | false): string[][] {
  const { data } = Papa.parse<string[]>(text, { delimiter, comments, preview: lines, skipEmptyLines: 'greedy' });
  // The last line that is looked at is complete, but a quote that stays open is reported when the table is read.
  return data;
}

/** The separator by which lines have equally many cells, and most of them hold numbers. */
function bestSeparator(rows: (separator: string) => string[][]): string {
  const scores = separators.map((separator) => ({ separator, score: scoreOf(rows(separator)) }));
  const best = scores.reduce((a, b) => (b.score > a.score ? b : a));
  return best.score > 0 ? best.separator : ',';
}

function scoreOf(rows: readonly (readonly string[])[]): number {
  const counts = new Map<number, number>();
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
  const [width, agreeing] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [0, 0];
  if (width < 2) return 0;
  const cells = rows.flat();
  // A decimal comma counts here, so that `1,5;2,5` is two numbers and not three pieces of text.
  const numbers = cells.filter((cell) => /^\s*[-+]?\d+([.,]\d+)?\s*$/.test(cell)).length;
  return agreeing / rows.length + numbers / cells.length + width / 1e6;
}

/** Whether a cell may be part of a column of numbers. */
const isNumeric = (cell: string): boolean => cell.trim() !== '' && Number.isFinite(Number(cell));
const isMissing = (cell: string): boolean => /^\s*(|na|n\/a|nan|null|none|\?|-)\s*$/i.test(cell);

function headerOf([first = [], ...rest]: readonly string[][]): Pick<TableForm, 'header' | 'isCertain'> {
  if (first.every(isNumeric)) return { header: false, isCertain: true };
  const column = (i: number): string[] => rest.map((row) => row[i] ?? '');
  const texts = first.flatMap((cell, i) => (isNumeric(cell) ? [] : [i]));
  const isName = texts.some(
    (i) => !isMissing(first[i] as string) && rest.length > 0 && column(i).every((cell) => isNumeric(cell) || isMissing(cell)),
  );
  if (isName) return { header: true, isCertain: true };
  const recurs = texts.some((i) => column(i).some((cell) => cell.trim() === first[i]?.trim()));
  if (recurs) return { header: false, isCertain: true };
  const repeats = texts.some((i) => new Set(column(i)).size <= rest.length / 2);
  return { header: repeats || texts.length === first.length, isCertain: false };
}
