import { printable } from './printable.js';
import type { Terminal } from './terminal.js';

// A line break stands in no JSON text, so only lists are found.
const listOfNumbers = /\[\n(?:[\s\d.,eE+-]|null)+\]/g;

/** Prints a document, each list of numbers on one line. */
export function printJson(terminal: Terminal, document: unknown): void {
  const onOneLine = (list: string): string => `[${list.slice(1, -1).trim().split(/,\s*/).join(', ')}]`;
  terminal.out(jsonText(document, 2).replace(listOfNumbers, onOneLine));
}

/** JSON that is safe to show: it leaves some control characters as they are (C1, changes of direction), and reads their escapes the same. */
export const jsonText = (document: unknown, indent?: number): string => printable(JSON.stringify(document, null, indent));
