import type * as tf from '@tensorflow/tfjs-core';

/** Samples with labels, addressed by index; batches are made on demand so that memory stays flat. */
export interface DataSet {
  readonly size: number;
  /** Shape of one sample. */
  readonly inputShape: readonly number[];
  readonly classes: number;
  /** Inputs `[n, ...inputShape]` and integer labels `[n]` of the samples asked for. The caller disposes both. */
  batch(indices: Int32Array): Batch | Promise<Batch>;
  /** True where asking twice for a sample may give different inputs (augmentation): teacher logits are not kept then. */
  readonly varying?: boolean;
  /**
   * True where all samples are in memory: a loop may then ask for one batch of them all, and pick from it. What wraps a data
   * set and makes other batches of it says false here, or that they vary.
   */
  readonly inMemory?: boolean;
}

/** Samples that are trained or evaluated together. */
export interface Batch {
  readonly inputs: tf.Tensor;
  readonly labels: tf.Tensor;
  /** 1 = counted, shape of the labels; left out where all are. */
  readonly mask?: tf.Tensor;
}

/** Training data train, validation data choose, test data judge. */
export interface DataSplits {
  readonly train: DataSet;
  readonly validation: DataSet;
  readonly test: DataSet;
}

/** Loads a data set; what a data plug-in creates. */
export type DataLoader = () => DataSplits | Promise<DataSplits>;

/** Reads the bytes of a file or address; bound by the platform (package node: the file system, gzip undone). */
export interface Files {
  /** The whole content of a file or address. */
  read(path: string): Promise<Uint8Array>;
  /** Names in a folder. */
  list(path: string): Promise<readonly string[]>;
}
