import type { Display, DisplayOptions } from './display.js';
import type { Screen } from './screen.js';

/** Creates a display: progress bars on a terminal, occasional lines elsewhere. */
export async function createDisplay(screen: Screen, { hideCursor = true }: DisplayOptions = {}): Promise<Display> {
  if (screen.drawable === undefined) return (await import('./lines.js')).linesDisplay(screen);
  return (await import('./bars.js')).barsDisplay(screen, screen.drawable, hideCursor);
}
