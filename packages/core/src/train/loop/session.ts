import type { Engine } from '../../contracts/engine.js';
import type { Clock } from '../../contracts/events.js';
import type { DataSet } from '../../contracts/data.js';
import type { LogitsStore } from '../../contracts/logits-store.js';
import type { Metric } from '../../contracts/metric.js';
import type { Network } from '../../contracts/network.js';
import { TemperError } from '../../errors.js';
import type { Random } from '../../random.js';
import type { Controls } from './controls.js';
import type { EventSink } from './events.js';

/** A store of logits, and the key of a network's logits over a data set; undefined where they cannot be recognised again. */
export interface KeyedLogits extends LogitsStore {
  keyOf(network: Network, data: DataSet): Promise<string | undefined>;
}

/** Shared by all parts of a run. */
export interface Session {
  readonly random: Random;
  readonly clock: Clock;
  readonly engine: Engine;
  readonly events: EventSink;
  readonly controls: Controls;
  /** The metrics of evaluations. */
  readonly metrics: readonly Metric[];
  readonly deterministic: boolean;
  /** Where logits of teachers are kept for other runs. */
  readonly logits: KeyedLogits | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Returns whether the signal or a reporter asked the run to end. */
export const isStopping = ({ signal, controls }: Session): boolean => signal?.aborted === true || controls.stopReason !== undefined;

/** Throws if the run was asked to end. */
export function throwIfStopped(session: Session, where: string, hint = 'Files that were written before are kept.'): void {
  if (!isStopping(session)) return;
  const { signal, controls } = session;
  const reason =
    controls.stopReason ?? (signal?.reason instanceof Error && signal.reason.name !== 'AbortError' ? signal.reason.message : undefined);
  throw new TemperError({ code: 'run/stopped', message: `stopped on request ${where}${reason === undefined ? '' : ` (${reason})`}`, hint });
}

/** Milliseconds between pauses: where a pause costs microseconds, and where a timer makes it cost milliseconds. */
const often = 5;
const seldom = 100;

/**
 * Creates a function that pauses from time to time, so that timers, signals, file writes and the page can run: a synchronous backend
 * never yields to them otherwise.
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
