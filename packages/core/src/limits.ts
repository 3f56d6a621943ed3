/**
 * The largest sizes that Temper accepts, in one place; `docs/limits.md` lists them. A value beyond its limit is refused at its path in
 * the config, before anything of that size is allocated.
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
  /** Units or channels of a layer. */
  width: 65_536,
  /** Layers, blocks or stages that an option of a model lists or counts. */
  layers: 1000,
  /** Height and width of a convolution's kernel. */
  kernel: 1000,
  /** Heads of attention. */
  heads: 1024,
  /** Tokens that a network knows. */
  vocabulary: 10_000_000,
  /** Trained values of one of the reference networks. */
  parameters: 500_000_000,
  /** Layers of a saved network, those of models inside counted at each of their calls. */
  modelLayers: 100_000,
  /** Levels of nested objects and lists in a saved network. */
  modelDepth: 200,
  /** Levels of nested objects and lists in a config. */
  depth: 100,
  /** Values in a config. */
  values: 1_000_000,
  /** Dimensions of a sample's shape. */
  dimensions: 8,
  /** Numbers of one sample. */
  sampleValues: 100_000_000,
  /** Bytes that are read at once: a text, samples from stdin. Tables, IDX files and lines of samples may be larger. */
  fileBytes: 500_000_000,
  /** Bytes of one line of a table. */
  lineBytes: 10_000_000,
} as const;
