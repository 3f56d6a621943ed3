/** Logits of all samples of a data set, one sample after the other. */
export interface StoredLogits {
  readonly values: Float32Array;
  /** Shape of the logits of one sample. */
  readonly shape: readonly number[];
}

/** Keeps logits of networks that do not change, so that several runs with one teacher compute them once. */
export interface LogitsStore {
  /** The logits kept under this key; undefined where there are none, or where they cannot be read. */
  read(key: string): Promise<StoredLogits | undefined>;
  /** Keeps logits, all or nothing; other processes may keep the same at the same time. */
  write(key: string, logits: StoredLogits): Promise<void>;
}
