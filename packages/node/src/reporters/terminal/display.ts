import type { Reporter, RunEvent } from '@temper/core';
import type { Screen } from './screen.js';

/** Shows a run while it goes on. */
export interface Display extends Reporter {
  /** Shows one event of the run. */
  report(event: RunEvent): void;
  /** Writes a line without disturbing what is drawn. */
  note(text: string): void;
  /** Leaves the terminal as it was found, until something more is told. */
  close(): void;
}

/** How a run is shown. */
export interface DisplayOptions {
  /** Hides the cursor while bars are drawn; only for who closes the display at every end, Ctrl-C among them. Default true. */
  readonly hideCursor?: boolean;
}

/** Progress bars on a terminal, a line now and then elsewhere. */
export async function createDisplay(screen: Screen, { hideCursor = true }: DisplayOptions = {}): Promise<Display> {
  if (screen.drawable === undefined) return (await import('./lines.js')).linesDisplay(screen);
  return (await import('./bars.js')).barsDisplay(screen, screen.drawable, hideCursor);
}
