import type { Engine } from '../../contracts/engine.js';
import type { FitState } from '../loop/fit-state.js';
import type { DataFingerprints } from './fingerprint.js';

/** The state of a run without its arrays. */
export interface RunState {
  /** The network in training. */
  readonly network: string;
  readonly fit: FitState;
  readonly engine: string;
  readonly conditions?: string;
  /** The number of records in the store. */
  readonly records: number;
  /** The data of the training; absent in checkpoints of earlier versions. */
  readonly data?: DataFingerprints;
}

/** Names the engine that trains, and the conditions on which its rounding depends. */
export const engineOf = ({ name, conditions }: Engine): Pick<RunState, 'engine' | 'conditions'> => ({
  engine: name,
  ...(conditions === undefined ? {} : { conditions }),
});

/** Formats an engine for messages. */
export const shownEngine = ({ engine, conditions }: Pick<RunState, 'engine' | 'conditions'>): string =>
  conditions === undefined ? `"${engine}"` : `"${engine}" (${conditions})`;
