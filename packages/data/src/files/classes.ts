import { unknownName } from '@temper/core';
import { invalid } from './invalid.js';
import type { Table } from './read-table.js';

/** The names of the classes in order: those given, the integers from 0, or the labels that a table holds, sorted. */
export function classNames({ labels, source, labelAt }: Table, given: number | readonly string[] | undefined): readonly string[] {
  if (typeof given === 'number') return Array.from({ length: given }, (_, i) => String(i));
  if (given !== undefined) return given;
  const empty = labels.indexOf('');
  if (empty >= 0) throw invalid(source, `${labelAt(empty)}: is empty; it must be a label`);
  const found = [...new Set(labels)].sort(inOrder);
  if (found.length < 2) throw invalid(source, `all samples have the label ${JSON.stringify(found[0])}; there must be at least two classes`);
  return found;
}

/** The class of each sample of a table. */
export function classIds({ labels, source, labelAt }: Table, names: readonly string[], given: number | readonly string[] | undefined): Int32Array {
  const ids = new Map(names.map((name, i) => [name, i]));
  return Int32Array.from(labels, (label, sample) => {
    // A whole number may be written in other ways, `3.0` for 3.
    const id = ids.get(label) ?? (typeof given === 'number' && label !== '' ? ids.get(String(Number(label))) : undefined);
    if (id !== undefined) return id;
    const expected = typeof given === 'number' ? `must be an integer from 0 to ${given - 1}, got ${JSON.stringify(label)}` : unknownName('class', label, names);
    throw invalid(source, `${labelAt(sample)}: ${expected}`);
  });
}

/** Numbers by size, texts by their characters' codes, so that no machine's language changes the order. */
function inOrder(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (!Number.isNaN(x) && !Number.isNaN(y) && x !== y) return x - y;
  return a < b ? -1 : 1;
}
