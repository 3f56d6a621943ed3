import { unknownName } from '@temper/core';
import { invalid } from './invalid.js';
import type { Table } from './read-table.js';

/** With more classes than this, labels are checked more closely. */
const many = 10;

/**
 * The names of the classes in order: those given, the integers from 0, or the labels that a table holds, sorted.
 * @throws TemperError `data/invalid` for empty labels, a single class, and labels that are measurements or names of single samples.
 */
export function classNames(table: Table, given: number | readonly string[] | undefined, firstLabel = 0): readonly string[] {
  const { labels, source } = table;
  if (typeof given === 'number') return Array.from({ length: given }, (_, i) => String(firstLabel + i));
  if (given !== undefined) return given;
  const empty = labels.indexOf('');
  if (empty >= 0) throw invalid(source, `${table.labelAt(empty)}: is empty; it must be a label`, table.lineOf(empty));
  const found = [...new Set(labels)].sort(inOrder);
  if (found.length < 2) throw invalid(source, `all samples have the label ${JSON.stringify(found[0])}; there must be at least two classes`);
  checkLabels(found, table);
  return found;
}

function checkLabels(found: readonly string[], table: Table): void {
  const { labels, source } = table;
  if (found.length <= many) return;
  const fraction = labels.findIndex(isFraction);
  const isSingle = found.length > labels.length / 2;
  if (fraction < 0 && !isSingle) return;
  const where = table.labelAt(fraction < 0 ? 0 : fraction);
  const firstTwo = found.slice(0, 2).map((name) => JSON.stringify(name));
  const what = fraction >= 0 || found.every(isNumber) ? 'measurements' : 'names of single samples';
  throw invalid(
    source,
    `the column of labels holds ${found.length} different values in ${labels.length} lines (${where}: ` +
      `${JSON.stringify(labels[Math.max(0, fraction)])}); these are ${what}, not classes`,
    'Is another column the label? Measurements must be grouped into classes first, for instance low and high. ' +
      `If each value is a class, list them: classes: [${firstTwo.join(', ')}, …].`,
  );
}

const isNumber = (label: string): boolean => label !== '' && Number.isFinite(Number(label));
/** With a point, or with a decimal comma as tables of other separators have it. */
const isFraction = (label: string): boolean => (isNumber(label) && !Number.isInteger(Number(label))) || /^-?\d+,\d+$/.test(label);

/** Classes with fewer samples on average cause a warning. */
const few = { numbers: 20, names: 5 };

/**
 * Warns that the labels may not be classes: more than ten different ones, with few samples each. Whole numbers with gaps (prices, ages) are
 * checked more strictly than names and numbers without gaps.
 */
export function labelWarning(
  names: readonly string[],
  { labels, source, labelAt }: Table,
  given: number | readonly string[] | undefined,
): string[] {
  if (given !== undefined || names.length <= many) return [];
  const numbers = names.map(Number);
  const hasGaps = names.every(isNumber) && (numbers.at(-1) as number) - (numbers[0] as number) >= names.length;
  const average = labels.length / names.length;
  if (average >= (hasGaps ? few.numbers : few.names)) return [];
  const shown = names
    .slice(0, 2)
    .map((name) => JSON.stringify(name))
    .join(', ');
  const place = labelAt(0).replace(/^line \d+, /, '');
  return [
    `${source}: the ${place} has ${names.length} different values in ${labels.length} lines, ` +
      `${Number(average.toPrecision(2))} lines each on average: are they classes? Measurements must be grouped into classes ` +
      `first; list them as classes: [${shown}, …] where they are`,
  ];
}

/** The class of each sample of a table. */
export function classIds(table: Table, names: readonly string[], given: number | readonly string[] | undefined): Int32Array {
  const idOf = typeof given === 'number' ? countedId(given, Number(names[0])) : namedId(names);
  const found = new Int32Array(table.size);
  table.labels.forEach((label, sample) => {
    const id = idOf(label);
    if (id !== undefined) {
      found[sample] = id;
      return;
    }
    if (typeof given !== 'number') {
      throw invalid(table.source, `${table.labelAt(sample)}: ${unknownName('class', label, names)}`, table.lineOf(sample));
    }
    const message = `must be an integer from ${names[0]} to ${names.at(-1)}, got ${JSON.stringify(label)}`;
    const hints = [table.lineOf(sample), startOf(table, given, names)].filter((hint) => hint !== '');
    throw invalid(table.source, `${table.labelAt(sample)}: ${message}`, hints.join('\n  '));
  });
  return found;
}

type IdOf = (label: string) => number | undefined;

function namedId(names: readonly string[]): IdOf {
  const ids = new Map(names.map((name, i) => [name, i]));
  return (label) => ids.get(label);
}

/** Without a table of the names, which takes long for many classes. A whole number may be written in other ways, `3.0` for 3. */
const countedId =
  (classes: number, firstLabel: number): IdOf =>
  (label) => {
    const id = label === '' ? Number.NaN : Number(label) - firstLabel;
    return Number.isInteger(id) && id >= 0 && id < classes ? id : undefined;
  };

/** Suggests `firstLabel` if the labels are consecutive numbers, one for each class, that do not start at 0. */
function startOf({ labels }: Table, classes: number, names: readonly string[]): string {
  const numbers = labels.map(Number);
  const least = numbers.reduce((a, b) => Math.min(a, b), Infinity);
  const fits = numbers.every((label) => Number.isInteger(label) && label >= 0 && label < least + classes) && String(least) !== names[0];
  return fits ? `The labels start at ${least}: set firstLabel: ${least}.` : '';
}

/** Sorts numbers by size and texts by their character codes, so that the order does not depend on the language of the machine. */
function inOrder(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (!Number.isNaN(x) && !Number.isNaN(y) && x !== y) return x - y;
  return a < b ? -1 : 1;
}
