import type { Reporter, RunEvent } from '@temper/core';

/** Shows a run in the terminal during training. */
export interface Display extends Reporter {
  /** Shows one event of the run. */
  report(event: RunEvent): void;
  /** Writes a line without disturbing what is drawn. */
  note(text: string): void;
  /** Restores the terminal; the next event draws again. */
  close(): void;
}

/** How a run is shown. */
export interface DisplayOptions {
  /** Hides the cursor while bars are drawn; only for who closes the display at every end, Ctrl-C among them. Default true. */
  readonly hideCursor?: boolean;
}
