import type { Reporter, RunControls, RunEvent, RunStore } from '../../contracts/events.js';
import type { Json } from '../../json.js';
import { reasonOf } from '../../reason.js';

/** Hands events to the store and to all reporters, in order. */
export interface EventSink {
  emit(event: RunEvent): Promise<void>;
  /** Tells a warning once, whatever number of times it comes. */
  warn(message: string): Promise<void>;
  readonly warnings: readonly string[];
  /** Tells reporters that nothing more will come. */
  close(): Promise<void>;
}

/**
 * A reporter that throws is named once in a warning and left out from then on; the run goes on. The store comes
 * first, and its failure ends the run: results that cannot be kept are not worth the time.
 */
export function createEventSink(reporters: readonly Reporter[], controls: RunControls, store?: RunStore): EventSink {
  const active = new Set(reporters);
  const warnings: string[] = [];
  const warningOf = (message: string): RunEvent | undefined => {
    if (warnings.includes(message)) return undefined;
    warnings.push(message);
    return { type: 'warning', message };
  };
  const attempt = async (reporter: Reporter, call: () => void | Promise<void>): Promise<void> => {
    try {
      await call();
    } catch (error) {
      active.delete(reporter);
      const warning = warningOf(`reporter "${reporter.name}" failed and gets no more events: ${reasonOf(error)}`);
      if (warning !== undefined) await tell(warning);
    }
  };
  async function tell(event: RunEvent): Promise<void> {
    if (store !== undefined && isKept(event)) await store.append(event as unknown as Readonly<Record<string, Json>>);
    for (const reporter of active) await attempt(reporter, () => reporter.report(event, controls));
  }
  // Checkpoints are told of beside training: a slow reporter must not hear of two things at once, nor in another order.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (task: () => Promise<void>): Promise<void> => {
    const done = last.then(task);
    last = done.catch(() => undefined);
    return done;
  };
  return {
    emit: (event) => inTurn(() => tell(event)),
    async warn(message) {
      const warning = warningOf(message);
      if (warning !== undefined) await inTurn(() => tell(warning));
    },
    warnings,
    close: () =>
      inTurn(async () => {
        for (const reporter of active) await attempt(reporter, () => reporter.close?.());
      }),
  };
}

const isKept = ({ type }: RunEvent): boolean => type === 'steps' || type === 'evaluation' || type === 'stop' || type === 'warning';
