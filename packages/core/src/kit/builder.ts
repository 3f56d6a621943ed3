import type { Container } from 'inversify';
import type { RunConfig } from './run-config.js';
import type { Slot, Slots } from './slots.js';

/** What the training loop asks a kit for: to check a config, and to build what stands in one. */
export interface Builder {
  /** Checks a run; unknown names, wrong options and missing parts are errors with their paths. */
  parse(config: unknown): RunConfig;
  /**
   * Builds what stands in a slot; a failure names its path, which starts with `path`.
   * @param container What definitions get their services from, or a function that opens it for the first that asks.
   */
  build<K extends Slot>(slot: K, config: unknown, path?: readonly PropertyKey[], container?: Container | (() => Container)): Slots[K];
}
