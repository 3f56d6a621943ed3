import type { Reporter, RunControls, RunEvent, RunStore } from '../../contracts/events.js';
import type { Json } from '../../json.js';
import { reasonOf } from '../../reason.js';

/** Passes events to the store and to all reporters, in order. */
export interface EventSink {
  emit(event: RunEvent): Promise<void>;
  /** Reports a warning once, even if it occurs many times. */
  warn(message: string): Promise<void>;
  readonly warnings: readonly string[];
  /** Tells reporters that no more events follow. */
  close(): Promise<void>;
}

/**
 * Creates the sink of a run's events. A reporter that throws is named in one warning and then left out, while the run continues. The
 * store comes first, and its failure ends the run: results that cannot be saved are not worth the time.
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
  // Checkpoints are reported while training continues: a slow reporter must receive events one at a time and in order.
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
