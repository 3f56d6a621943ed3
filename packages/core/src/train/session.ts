import type { Engine } from '../contracts/engine.js';
import type { Clock } from '../contracts/events.js';
import { TemperError } from '../errors.js';
import type { Random } from '../random.js';
import type { EventSink } from './events.js';

/** What all parts of a run share. */
export interface Session {
  readonly random: Random;
  readonly clock: Clock;
  readonly engine: Engine;
  readonly events: EventSink;
  readonly signal: AbortSignal | undefined;
}

/** Ends the run where its signal says so. */
export function throwIfStopped({ signal }: Session, where: string): void {
  if (signal?.aborted !== true) return;
  const reason = signal.reason instanceof Error && signal.reason.name !== 'AbortError' ? ` (${signal.reason.message})` : '';
  throw new TemperError({ code: 'run/stopped', message: `stopped on request ${where}${reason}`, hint: 'What was written so far is kept.' });
}

const breathEveryMs = 100;

/** Lets timers, signals and the page have their turn now and then: on a synchronous backend nothing else would. */
export function createBreather(clock: Clock): () => Promise<void> {
  let last = clock.now();
  return async () => {
    if (clock.now() - last < breathEveryMs) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    last = clock.now();
  };
}
