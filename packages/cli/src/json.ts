import type { Terminal } from './terminal.js';

// A line break stands in no JSON text, so only lists are found.
const listOfNumbers = /\[\n(?:[\s\d.,eE+-]|null)+\]/g;

/** Prints a document, each list of numbers on one line. */
export function printJson(terminal: Terminal, document: unknown): void {
  const onOneLine = (list: string): string => `[${list.slice(1, -1).trim().split(/,\s*/).join(', ')}]`;
  terminal.out(jsonText(document, 2).replace(listOfNumbers, onOneLine));
}

// What JSON leaves as it is, and a terminal may obey: C1 control characters, line separators, changes of direction.
const shownRaw = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** JSON that is safe to show in a terminal, with the same values. */
export const jsonText = (document: unknown, indent?: number): string =>
  JSON.stringify(document, null, indent).replace(shownRaw, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
