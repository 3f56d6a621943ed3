import type { Terminal } from './terminal.js';

/** Prints a document, each list of numbers on one line; a line break stands in no JSON text, so no text is touched. */
export function printJson(terminal: Terminal, document: unknown): void {
  terminal.out(JSON.stringify(document, null, 2).replace(/\[\n[\s\d.,eE+-]+\]/g, (numbers) => `[${numbers.slice(1, -1).trim().split(/,\s*/).join(', ')}]`));
}
