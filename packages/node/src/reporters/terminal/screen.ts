import picocolors from 'picocolors';

/** The output on which a run is shown. */
export interface Screen {
  /** Writes a message, with a line end. */
  err(text: string): void;
  /** Colours of messages; plain text where the output is not a terminal or NO_COLOR is set. */
  readonly colors: { readonly err: Colors };
  /** The stream of messages where it is a terminal that can redraw a line. */
  readonly drawable: NodeJS.WritableStream | undefined;
}

/** Functions that colour a text. */
export type Colors = ReturnType<typeof picocolors.createColors>;

/** Returns the stderr of this process: stdout is for results. */
export function processScreen(): Screen {
  const { stderr } = process;
  const colors = colorsOf(stderr);
  return {
    err: (text) => void stderr.write(`${safeText(text, colors.isColorSupported)}\n`),
    colors: { err: colors },
    drawable: stderr.isTTY && process.env['TERM'] !== 'dumb' ? stderr : undefined,
  };
}

/** Returns the colours that a stream supports and its user wants. */
export function colorsOf(stream: NodeJS.WriteStream): Colors {
  const { FORCE_COLOR, NO_COLOR, TERM } = process.env;
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  return picocolors.createColors(!NO_COLOR && (forced || (stream.isTTY && TERM !== 'dumb')));
}

/** Control characters, line separators, and characters that change the direction of text; not line feeds, tabs and codes of colors. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const unsafe = /\u001b(?!\[[\d;]*m)|[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Returns a text with its control characters as escape sequences: names of classes, columns and files in it may come from other people.
 * @param colored Whether the codes of colors stay.
 */
export function safeText(text: string, colored: boolean): string {
  const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const shown = text.replace(unsafe, escaped);
  return colored ? shown : shown.replaceAll('\u001b', escaped);
}
