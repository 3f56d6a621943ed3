import type { Json } from '../json.js';

/** Values of a tensor on the host. */
export interface HostArray {
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** Everything that a run needs to continue as if it had never stopped: arrays by name, and the rest as JSON. */
export interface Checkpoint {
  readonly arrays: Readonly<Record<string, HostArray>>;
  readonly state: Json;
}

/** Stores checkpoints, so that a kill at any moment loses only the updates since the last one. */
export interface CheckpointStore {
  /** Writes the next checkpoint atomically; keeps the last few, and the newest with `best`. */
  write(checkpoint: Checkpoint, options: { readonly step: number; readonly best: boolean }): Promise<{ readonly location: string }>;
  /** Returns the newest complete checkpoint; skips damaged ones, and those for which `check` throws, with a warning. */
  latest(warn: (message: string) => void, check?: (checkpoint: Checkpoint) => void): Promise<Checkpoint | undefined>;
  /** Stores, under a name, final data: the weights of a network that is trained. */
  put(name: string, checkpoint: Checkpoint): Promise<void>;
  /** Returns the data stored under a name, or undefined. */
  get(name: string, warn?: (message: string) => void): Promise<Checkpoint | undefined>;
}
