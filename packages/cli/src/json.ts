import type { Terminal } from './terminal.js';

// JSON texts contain no line breaks, so only lists are matched.
const listOfNumbers = /\[\n(?:[\s\d.,eE+-]|null)+\]/g;

/** Prints a document, each list of numbers on one line. */
export function printJson(terminal: Terminal, document: unknown): void {
  const onOneLine = (list: string): string => `[${list.slice(1, -1).trim().split(/,\s*/).join(', ')}]`;
  terminal.out(JSON.stringify(document, null, 2).replace(listOfNumbers, onOneLine));
}
