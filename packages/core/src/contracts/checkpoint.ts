import type { Json } from '../json.js';

/** Values of a tensor on the host. */
export interface HostArray {
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** Everything that a run needs to go on as if it had never stopped: arrays by name, and the rest as JSON. */
export interface Checkpoint {
  readonly arrays: Readonly<Record<string, HostArray>>;
  readonly state: Json;
}

/** Keeps checkpoints so that a kill at any moment loses nothing but the updates since the last one. */
export interface CheckpointStore {
  /** Writes the next checkpoint whole or not at all; the last few are kept, and the newest that was `best`. */
  write(checkpoint: Checkpoint, options: { readonly step: number; readonly best: boolean }): Promise<{ readonly location: string }>;
  /** The newest checkpoint that is whole; each damaged one, and each that `check` throws for, is passed over with a warning. */
  latest(warn: (message: string) => void, check?: (checkpoint: Checkpoint) => void): Promise<Checkpoint | undefined>;
  /** Keeps, under a name, what does not change any more: the weights of a network that is done. */
  put(name: string, checkpoint: Checkpoint): Promise<void>;
  /** What was put under a name; undefined where nothing was. */
  get(name: string, warn?: (message: string) => void): Promise<Checkpoint | undefined>;
}
