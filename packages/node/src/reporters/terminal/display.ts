import type { Reporter, RunEvent } from '@temper/core';

/** Shows a run in the terminal during training. */
export interface Display extends Reporter {
  /** Shows one event of the run. */
  report(event: RunEvent): void;
  /** Writes a line without disturbing the bars. */
  note(text: string): void;
  /** Restores the terminal; the next event draws again. */
  close(): void;
}

/** Options of a display. */
export interface DisplayOptions {
  /** Hides the cursor while bars are drawn; only for callers that close the display at every end, also after Ctrl-C. Default true. */
  readonly hideCursor?: boolean;
}
