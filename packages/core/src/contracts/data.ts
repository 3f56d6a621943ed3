import type * as tf from '@tensorflow/tfjs-core';

/**
 * How raw samples become the inputs of a network. It is plain data, saved with the network and applied wherever the network is used.
 * `mean` and `deviation` hold one number for each number of a sample, in the order of its shape. `rounding` is the largest change of a raw
 * value by rounding it to float32, in deviations, measured on the training data.
 */
export type Preparation =
  /** Inputs are the raw samples. */
  | { readonly type: 'none' }
  /** x · factor. */
  | { readonly type: 'scale'; readonly factor: number }
  /** (x − mean) / deviation. */
  | {
      readonly type: 'standardise';
      readonly mean: readonly number[];
      readonly deviation: readonly number[];
      readonly rounding?: number | undefined;
    }
  /** A text becomes the positions of its characters in this list. */
  | { readonly type: 'vocabulary'; readonly characters: readonly string[] };

/** Samples with labels, addressed by index; batches are made on demand so that memory stays flat. */
export interface DataSet {
  readonly size: number;
  /** Shape of one sample. */
  readonly inputShape: readonly number[];
  readonly classes: number;
  /** How raw samples became the inputs of its batches. Absent: not known. */
  readonly preparation?: Preparation;
  /** Names of the classes, in the order of the labels. Absent: the labels themselves. */
  readonly classNames?: readonly string[];
  /** Names of the numbers of a sample, in the order of its shape: the columns of a table. */
  readonly inputNames?: readonly string[];
  /** Labels of the given samples, if they are known without the inputs; used to count classes before training. */
  readonly labels?: (indices: Int32Array) => Int32Array;
  /** Inputs `[n, ...inputShape]` and integer labels `[n]` of the given samples. The caller disposes both. */
  batch(indices: Int32Array): Batch | Promise<Batch>;
  /** True if two requests for a sample may give different inputs (augmentation); teacher logits are then not stored. */
  readonly varying?: boolean;
  /**
   * True if all samples are in memory: a loop may then request one batch of all samples, and pick from it. A wrapper that changes batches
   * sets it to false, or sets `varying`. If it is false and samples do not vary, a loop requests several batches ahead.
   */
  readonly inMemory?: boolean;
  /**
   * A text that changes with the samples: a hash of the content, or sizes and times of files. A resumed run compares it. Absent: the loop
   * hashes batches, for a large data set only a part of them.
   */
  fingerprint?(): string | Promise<string>;
}

/** Samples that are trained or evaluated together. */
export interface Batch {
  readonly inputs: tf.Tensor;
  readonly labels: tf.Tensor;
  /** 1 = counted, 0 = not, shape of the labels; left out where all are. A label of −100 does not count either. */
  readonly mask?: tf.Tensor;
}

/** Weights are trained on training data, chosen by validation data, and judged on test data. */
export interface DataSplits {
  readonly train: DataSet;
  readonly validation: DataSet;
  readonly test: DataSet;
  /** Facts about the data that the user should know before training; the run reports each as a warning. */
  readonly warnings?: readonly string[];
  /** True where all three parts were cut from the same samples, so that together they are a complete source. */
  readonly cut?: boolean;
}

/** Loads a data set; what a data plug-in creates. */
export interface DataLoader {
  (): DataSplits | Promise<DataSplits>;
  /** Returns the number of training samples without reading the samples, for previews. Absent: they must be loaded to count them. */
  trainingSize?(): number | Promise<number>;
}

/** Reads files or addresses; bound by the platform (package node: the file system, gzip undone). */
export interface Files {
  /**
   * Returns the complete content of a file or address.
   * @throws TemperError `data/invalid` for more than `maxBytes` after unpacking; default `limits.fileBytes`.
   */
  read(path: string, maxBytes?: number): Promise<Uint8Array>;
  /** Names in a folder. */
  list(path: string): Promise<readonly string[]>;
  /** Opens a file of any size for reading in pieces. */
  open(path: string): Promise<OpenFile>;
  /** Bytes that the samples of one file may take in memory; a larger file is read from the disk batch by batch. Absent: no bound. */
  readonly memory?: number;
  /** Creates a file for numbers that do not fit in memory, which exists as long as the process. Absent: not possible. */
  scratch?(): Promise<ScratchFile>;
}

/** A file that a data set writes once, and reads its batches from. */
export interface ScratchFile {
  append(bytes: Uint8Array): Promise<void>;
  /** Ends writing. */
  finish(): OpenFile;
}

/** A file of any size; no descriptor stays open between two calls. */
export interface OpenFile {
  /** Bytes of the content; absent for a compressed file, whose size is known after unpacking. */
  readonly size?: number;
  /** Bytes that the file takes where it is stored. */
  readonly stored: number;
  /** Gives the content in order, unpacked; `onRead` receives how many of the stored bytes were read. Stopping early closes the file. */
  chunks(onRead?: (stored: number) => void): AsyncIterable<Uint8Array>;
  /** Reads `length` bytes at each position, one piece after the other in the result; only for a file with a `size`. */
  pieces(positions: ArrayLike<number>, length: number): Promise<Uint8Array>;
}
