import { nearest, sizeOf } from '@temper/core';
import Papa from 'papaparse';
import { decodeText } from './decode-text.js';
import { invalid } from './invalid.js';
import { readIdx } from './read-idx.js';

/** The samples that a student takes. */
export interface SamplesFor {
  /** Shape of one sample. */
  readonly shape: readonly number[];
  /** Names of its numbers, in order, where they have names. */
  readonly names?: readonly string[] | undefined;
  /** Whether samples are texts. */
  readonly isText: boolean;
}

const widthOf = ({ shape }: SamplesFor): number => sizeOf(shape);

/**
 * Reads raw samples without labels: an IDX file; JSON lines, each a list, a record or a text; for texts one sample a line; else a CSV
 * file, whose columns are found by the names in its first line, in any order, next to others such as a label.
 * @param before Lines of the file before these bytes, for messages.
 * @throws TemperError `data/invalid` naming the line and what is wrong with it.
 */
export function readSamples(bytes: Uint8Array, source: string, wanted: SamplesFor, before = 0): unknown[] {
  if (bytes.length > 4 && bytes[0] === 0 && bytes[1] === 0) return idxSamples(bytes, source, wanted);
  const text = decodeText(bytes, source);
  if (text.trim() === '') throw invalid(source, 'is empty', 'Give a file with at least one sample.');
  const first = text.trimStart()[0] as string;
  const samples =
    '[{'.includes(first) || (wanted.isText && first === '"')
      ? jsonSamples(text, source, before)
      : wanted.isText
        ? lines(text)
        : csvSamples(text, source, wanted, before);
  if (samples.length === 0) throw invalid(source, 'holds no samples, only the names of its columns');
  return samples;
}

function idxSamples(bytes: Uint8Array, source: string, wanted: SamplesFor): unknown[] {
  const { shape, values } = readIdx(bytes, source);
  const width = sizeOf(shape.slice(1));
  if (width !== widthOf(wanted)) {
    const labels = shape.length === 1 ? 'It holds a single row of numbers: is it the file of labels?' : undefined;
    throw invalid(source, `holds samples of shape [${shape.slice(1).join(', ')}], the student takes [${wanted.shape.join(', ')}]`, labels);
  }
  if (shape[0] === 0) throw invalid(source, 'holds no samples');
  return Array.from({ length: shape[0] as number }, (_, i) => values.subarray(i * width, (i + 1) * width));
}

const lines = (text: string): string[] => text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');

function jsonSamples(text: string, source: string, before: number): unknown[] {
  const rows = text.split(/\r\n|\n|\r/);
  try {
    return rows.flatMap((row) => (row.trim() === '' ? [] : [JSON.parse(row) as unknown]));
  } catch {
    const whole = parsed(text);
    if (Array.isArray(whole)) return whole as unknown[];
    const line = rows.findIndex((row) => row.trim() !== '' && parsed(row) === undefined);
    throw invalid(
      source,
      `line ${before + line + 1}: is not JSON: ${(rows[line] as string).slice(0, 40)}`,
      'Write one sample a line: a list of numbers, or a record by the names of the inputs.',
    );
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function csvSamples(text: string, source: string, wanted: SamplesFor, before: number): number[][] {
  const { data: all } = Papa.parse<string[]>(text, { delimiter: separatorOf(text, wanted.names) });
  const rows = all
    .map((cells, i) => ({ cells: cells.map((cell) => cell.trim()), line: before + i + 1 }))
    .filter(({ cells }) => !isSkipped(cells));
  const head = rows[0]?.cells ?? [];
  const columns = columnsOf(head, source, wanted);
  const names = columns.names ?? columns.at.map(String);
  return rows.slice(columns.names === undefined ? 0 : 1).map(({ cells, line }) => {
    if (cells.length !== head.length)
      throw invalid(source, `line ${line}: must have ${head.length} cells, as many as the first line, got ${cells.length}`);
    return columns.at.map((column, i) => numberOf(cells[column] as string, `${source}: line ${line}, column "${names[i]}"`));
  });
}

/** The separator by which the first line has the most of the names, or else the most cells. */
function separatorOf(text: string, names: readonly string[] = []): string {
  const first = lines(text).find((line) => !line.startsWith('#')) ?? '';
  const known = new Set(names);
  const counts = [',', ';', '\t', '|'].map((separator) => {
    const cells = Papa.parse<string[]>(first, { delimiter: separator }).data[0] ?? [];
    return { separator, named: cells.filter((cell) => known.has(cell.trim())).length, cells: cells.length };
  });
  return counts.reduce((best, one) => (one.named > best.named || (one.named === best.named && one.cells > best.cells) ? one : best))
    .separator;
}

const isSkipped = (cells: readonly string[]): boolean => (cells.length === 1 && cells[0] === '') || cells[0]?.startsWith('#') === true;

interface Columns {
  /** Places of the inputs in a line, in order. */
  readonly at: readonly number[];
  /** Names in the first line, if it is not a sample. */
  readonly names?: readonly string[];
}

function columnsOf(head: readonly string[], source: string, wanted: SamplesFor): Columns {
  const width = widthOf(wanted);
  const { names } = wanted;
  const inOrder = Array.from({ length: width }, (_, i) => i);
  const isHeader = !head.every((cell) => cell !== '' && Number.isFinite(Number(cell)));
  if (names?.every((name) => head.includes(name)) === true && (isHeader || names.some((name) => !/^\d+$/.test(name)))) {
    return { at: names.map((name) => head.indexOf(name)), names };
  }
  // A table without a header: its columns have numbers for names.
  const numbers = names?.every((name) => /^\d+$/.test(name)) === true ? names.map(Number) : undefined;
  if (numbers !== undefined && head.length !== width && head.length > Math.max(...numbers)) return { at: numbers };
  if (head.length === width && !isHeader) return { at: inOrder };
  if (head.length === width && names === undefined) return { at: inOrder, names: head };
  if (names !== undefined && isHeader) throw missingColumn(names, head, source);
  throw invalid(
    source,
    `has ${head.length} columns, the student takes ${width} numbers`,
    names === undefined
      ? undefined
      : `Name the columns in the first line: ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}.`,
  );
}

function missingColumn(names: readonly string[], head: readonly string[], source: string): Error {
  const missing = names.filter((name) => !head.includes(name));
  const near = nearest(missing[0] as string, head);
  const more =
    missing.length > 1
      ? ` (nor ${missing
          .slice(1, 6)
          .map((name) => `"${name}"`)
          .join(', ')}${missing.length > 6 ? ', …' : ''})`
      : '';
  const short = head.slice(0, 20).map((name) => (name.length > 40 ? `${name.slice(0, 39)}…` : name));
  const hint = `Columns: ${short.join(', ')}${head.length > 20 ? `, … (${head.length} in all)` : ''}.`;
  return invalid(source, `has no column "${missing[0]}"${more}${near === undefined ? '' : `; did you mean "${near}"?`}`, hint);
}

function numberOf(cell: string, place: string): number {
  const number = Number(cell);
  if (cell !== '' && Number.isFinite(number)) return number;
  throw invalid(place, cell === '' ? 'is empty; it must be a number' : `must be a finite number, got ${JSON.stringify(cell)}`);
}
