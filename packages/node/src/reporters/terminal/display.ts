import type { Reporter, RunEvent } from '@temper/core';
import type { Terminal } from '../terminal.js';

/** Shows a run while it goes on, on stderr. */
export interface Display extends Reporter {
  /** Shows one event of the run. */
  report(event: RunEvent): void;
  /** Writes a line without disturbing what is drawn. */
  note(text: string): void;
  /** Leaves the terminal as it was found; nothing is drawn afterwards. */
  close(): void;
}

/** Progress bars on a terminal, a line now and then elsewhere. */
export async function createDisplay(terminal: Terminal): Promise<Display> {
  if (terminal.drawable === undefined) return (await import('./lines.js')).linesDisplay(terminal);
  return (await import('./bars.js')).barsDisplay(terminal, terminal.drawable);
}
