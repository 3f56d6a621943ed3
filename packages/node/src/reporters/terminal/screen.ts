import picocolors from 'picocolors';

/** Where a run is shown. */
export interface Screen {
  /** Writes a message, with a line end. */
  err(text: string): void;
  /** Colours of messages; plain text where they go to no terminal or NO_COLOR is set. */
  readonly colors: { readonly err: Colors };
  /** The stream of messages where it is a terminal that can redraw a line. */
  readonly drawable: NodeJS.WritableStream | undefined;
}

/** Functions that colour a text. */
export type Colors = ReturnType<typeof picocolors.createColors>;

/** The stderr of this process: stdout is for results. */
export function processScreen(): Screen {
  const { stderr } = process;
  return {
    err: (text) => void stderr.write(`${text}\n`),
    colors: { err: colorsOf(stderr) },
    drawable: stderr.isTTY && process.env['TERM'] !== 'dumb' ? stderr : undefined,
  };
}

/** The colours that a stream can show and its user wants. */
export function colorsOf(stream: NodeJS.WriteStream): Colors {
  const { FORCE_COLOR, NO_COLOR, TERM } = process.env;
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  return picocolors.createColors(!NO_COLOR && (forced || (stream.isTTY && TERM !== 'dumb')));
}
