import type { Reporter, RunControls, RunEvent, RunStore } from '../contracts/events.js';
import type { Json } from '../json.js';

/** Hands events to the store and to all reporters, in order. */
export interface EventSink {
  emit(event: RunEvent): Promise<void>;
  /** Tells a warning once, whatever number of times it comes. */
  warn(message: string): Promise<void>;
  readonly warnings: readonly string[];
}

/**
 * A reporter that throws is named once in a warning and left out from then on; the run goes on. The store comes
 * first, and its failure ends the run: results that cannot be kept are not worth the time.
 */
export function createEventSink(reporters: readonly Reporter[], controls: RunControls, store?: RunStore): EventSink {
  const active = new Set(reporters);
  const warnings: string[] = [];
  const warn = async (message: string): Promise<void> => {
    if (warnings.includes(message)) return;
    warnings.push(message);
    await emit({ type: 'warning', message });
  };
  async function emit(event: RunEvent): Promise<void> {
    if (store !== undefined && isKept(event)) await store.append(event as unknown as Readonly<Record<string, Json>>);
    for (const reporter of active) {
      try {
        await reporter.report(event, controls);
      } catch (error) {
        active.delete(reporter);
        await warn(`reporter "${reporter.name}" failed and is left out from now on: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  return { emit, warn, warnings };
}

const isKept = ({ type }: RunEvent): boolean => type === 'steps' || type === 'evaluation' || type === 'warning';
