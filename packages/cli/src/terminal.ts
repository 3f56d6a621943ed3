import { Console } from 'node:console';
import picocolors from 'picocolors';
import { exit } from './exit.js';

/** Where a command writes: results to stdout, everything else to stderr. */
export interface Terminal {
  /** Writes a result, with a line end. */
  out(text: string): void;
  /** Writes a message, with a line end. */
  err(text: string): void;
  /** Colours of each stream; plain text where it is no terminal or NO_COLOR is set. */
  readonly colors: { readonly out: Colors; readonly err: Colors };
  /** The stream of messages where it is a terminal that can redraw a line. */
  readonly drawable: NodeJS.WritableStream | undefined;
  /** Width of the terminal that results go to. */
  readonly columns: number;
}

/** Functions that colour a text. */
export type Colors = ReturnType<typeof picocolors.createColors>;

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  for (const stream of [stdout, stderr]) stream.on('error', endOnFailedWrite);
  return {
    out: (text) => void stdout.write(`${text}\n`),
    err: (text) => void stderr.write(`${text}\n`),
    colors: { out: colorsOf(stdout), err: colorsOf(stderr) },
    drawable: stderr.isTTY && process.env['TERM'] !== 'dumb' ? stderr : undefined,
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

function colorsOf(stream: NodeJS.WriteStream): Colors {
  const { FORCE_COLOR, NO_COLOR, TERM } = process.env;
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  return picocolors.createColors(!NO_COLOR && (forced || (stream.isTTY && TERM !== 'dumb')));
}
