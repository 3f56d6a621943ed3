import { printable, type Reporter } from '@temper/core';

/**
 * Writes every event as a line of JSON, for other programs that read it during the run. Control characters are escaped, since a terminal
 * may show the lines.
 * @example kit.run(config, { reporters: [eventLines((line) => process.stdout.write(line))] })
 */
export function eventLines(write: (line: string) => unknown): Reporter {
  return { name: 'event lines', report: async (event) => void (await write(`${printable(JSON.stringify(event))}\n`)) };
}
