import { Console } from 'node:console';
import { colorsOf, processScreen, safeText, type Colors, type Screen } from '@temper/node/screen';
import { exit } from './exit.js';

/** Where a command writes: results to stdout, everything else to stderr. */
export interface Terminal extends Screen {
  /** Writes a result, with a line end. */
  out(text: string): void;
  /** Colours of each stream; plain text where it is no terminal or NO_COLOR is set. */
  readonly colors: { readonly out: Colors; readonly err: Colors };
  /** Width of the terminal that results go to. */
  readonly columns: number;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  stdout.on('error', endOnFailedWrite);
  // Progress that cannot be shown (a full disk behind `2>`, a terminal that is gone) is no reason to lose the run.
  stderr.on('error', () => undefined);
  const screen = processScreen();
  const colors = colorsOf(stdout);
  return {
    ...screen,
    out: (text) => void stdout.write(`${safeText(text, colors.isColorSupported)}\n`),
    colors: { out: colors, ...screen.colors },
    columns: stdout.columns ?? 80,
  };
}

/** Sends what plug-ins and libraries print to stderr, so that stdout holds one JSON document and nothing else. */
export function reserveStdout(): void {
  globalThis.console = new Console(process.stderr, process.stderr);
}

/** A reader that has seen enough (`temper schema | head`) is no error; a disk that is full ends the command. */
function endOnFailedWrite({ code, message }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') return;
  process.stderr.write(`temper: the output cannot be written: ${message}\n`);
  process.exit(exit.failed);
}
