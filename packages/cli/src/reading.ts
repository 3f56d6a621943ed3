import { basename } from 'node:path';
import type { RunEvent } from '@temper/core';
import type { ReadProgress } from '@temper/node';
import { safeText } from '@temper/node/screen';

/** Smaller files are read before a bar is of use. */
const least = 30e6;
/** Milliseconds between two updates of a bar. */
const pause = 100;

/** Reports the part of a large data file that was read, in megabytes, as a phase of the run. */
export function showReading(report: (event: RunEvent) => void): (progress: ReadProgress) => void {
  let current: string | undefined;
  let due = 0;
  const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
  return ({ path, done, total }) => {
    if (total < least) return;
    const phase = `reading ${safeText(basename(path), false)} (MB)`;
    if (current !== path) report({ type: 'phase', phase, total: megabytes(total) });
    current = path;
    if (done < total && performance.now() < due) return;
    due = performance.now() + pause;
    report({ type: 'phase-progress', phase, done: megabytes(done), total: megabytes(total) });
  };
}
