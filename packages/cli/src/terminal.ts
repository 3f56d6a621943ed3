import { Console } from 'node:console';
import { colorsOf, processScreen, safeText, type Colors, type Screen } from '@temper/node/screen';
import { exit } from './exit.js';

/** The outputs of a command: results go to stdout, everything else to stderr. */
export interface Terminal extends Screen {
  /** Writes a result, with a line end. */
  out(text: string): void;
  /** Colours of each stream; plain text where it is not a terminal or NO_COLOR is set. */
  readonly colors: { readonly out: Colors; readonly err: Colors };
  /** Width of the terminal that results go to. */
  readonly columns: number;
}

/** Returns the terminal of this process. */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  stdout.on('error', endOnFailedWrite);
  // Progress that cannot be written (a full disk behind `2>`, a closed terminal) must not end the run.
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

/** Sends the output of plug-ins and libraries to stderr, so that stdout contains one JSON document and nothing else. */
export function reserveStdout(): void {
  globalThis.console = new Console(process.stderr, process.stderr);
}

/** Handles failed writes: a closed pipe (`temper schema | head`) is not an error; a full disk ends the command. */
function endOnFailedWrite({ code, message }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') return;
  process.stderr.write(`temper: the output cannot be written: ${message}\n`);
  process.exit(exit.failed);
}
