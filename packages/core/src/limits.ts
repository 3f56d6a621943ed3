/**
 * The largest sizes that Temper accepts, in one place; `docs/limits.md` lists them. A value beyond its limit is refused
 * at its path in the config, before anything of that size is made.
 */
export const limits = {
  /** Epochs of one stage. */
  epochs: 1_000_000,
  /** Updates of one stage. */
  steps: 1_000_000_000,
  /** Stages of one training after every `repeat` is written out. */
  stages: 10_000,
  /** Samples of one batch. */
  batchSize: 1_000_000,
  /** Micro-batches of one update. */
  accumulate: 100_000,
  /** Classes of a data set. */
  classes: 1_000_000,
  /** Networks that a recipe trains one after the other. */
  generations: 20,
  /** Checkpoints or snapshots that a run keeps. */
  kept: 10_000,
  /** Levels of nested objects and lists in a config. */
  depth: 100,
  /** Values in a config. */
  values: 1_000_000,
  /** Dimensions of a sample's shape. */
  dimensions: 8,
  /** Numbers of one sample. */
  sampleValues: 100_000_000,
  /** Bytes of a file that is read at once: texts, samples to predict. Tables and IDX files may be larger. */
  fileBytes: 500_000_000,
  /** Bytes of one line of a table. */
  lineBytes: 10_000_000,
} as const;
