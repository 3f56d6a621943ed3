import type { Container } from 'inversify';
import type { Json } from '../json.js';
import type { RunConfig } from './run-config.js';
import type { Slot, Slots } from './slots.js';

/** The part of a kit that the training loop uses: checking a config, and building strategies. */
export interface Builder {
  /** Checks a run; unknown names, wrong options and missing parts are errors with their paths. */
  parse(config: unknown): RunConfig;
  /** Checks the config of a strategy and returns it in its normal form, which says the defaults of its options. */
  normal(slot: Slot, config: unknown, path?: readonly PropertyKey[]): Json;
  /**
   * Builds the strategy of a slot; an error names its path, which starts with `path`.
   * @param container The container of the services, or a function that creates it on first use.
   */
  build<K extends Slot>(slot: K, config: unknown, path?: readonly PropertyKey[], container?: Container | (() => Container)): Slots[K];
}
