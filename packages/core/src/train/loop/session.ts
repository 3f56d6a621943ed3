import type { Engine } from '../../contracts/engine.js';
import type { Clock } from '../../contracts/events.js';
import type { Metric } from '../../contracts/metric.js';
import { TemperError } from '../../errors.js';
import type { Random } from '../../random.js';
import type { Controls } from './controls.js';
import type { EventSink } from './events.js';

/** What all parts of a run share. */
export interface Session {
  readonly random: Random;
  readonly clock: Clock;
  readonly engine: Engine;
  readonly events: EventSink;
  readonly controls: Controls;
  /** What evaluations measure. */
  readonly metrics: readonly Metric[];
  readonly deterministic: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Whether the run was asked to end, by its signal or by a reporter. */
export const isStopping = ({ signal, controls }: Session): boolean => signal?.aborted === true || controls.stopReason !== undefined;

/** Ends the run where it was asked to. */
export function throwIfStopped(session: Session, where: string, hint = 'Files that were written before are kept.'): void {
  if (!isStopping(session)) return;
  const { signal, controls } = session;
  const reason =
    controls.stopReason ?? (signal?.reason instanceof Error && signal.reason.name !== 'AbortError' ? signal.reason.message : undefined);
  throw new TemperError({ code: 'run/stopped', message: `stopped on request ${where}${reason === undefined ? '' : ` (${reason})`}`, hint });
}

/** Milliseconds between breaths where one costs microseconds, and where a timer makes it cost milliseconds. */
const often = 5;
const seldom = 100;

/**
 * Lets timers, signals, files that are being written and the page have their turn now and then: on a synchronous backend
 * nothing else would.
 */
export function createBreather(clock: Clock): () => Promise<void> {
  const { setImmediate: afterEvents } = globalThis as { setImmediate?: (resume: () => void) => unknown };
  const [rest, every] = afterEvents === undefined ? [(resume: () => void): unknown => setTimeout(resume, 0), seldom] : [afterEvents, often];
  let last = clock.now();
  return async () => {
    if (clock.now() - last < every) return;
    await new Promise<void>(rest);
    last = clock.now();
  };
}
