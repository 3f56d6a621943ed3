import type { DataSet } from '../contracts/data.js';
import { arrayDataSet, type ArrayData } from './array-data-set.js';
import { checkIndices } from './indices.js';

/** Samples that stay on the disk, and everything about them that is in memory. */
export interface StoredData extends Omit<ArrayData, 'inputs' | 'labels' | 'labelShape'> {
  readonly labels: Int32Array;
  /** Reads the inputs of the samples asked for, in that order. */
  read(indices: Int32Array): Promise<ArrayData['inputs']>;
}

/**
 * A data set whose batches are read from the disk when they are asked for. A batch has the values that `arrayDataSet` gives for the same
 * samples.
 * @throws TemperError `data/invalid` for labels outside of the classes at once, and for inputs that are not finite with their batch.
 * @example
 * const read = async (indices: Int32Array) => new Uint8Array(await file.pieces(indices.map((index) => 784 * index), 784));
 * await storedDataSet({ read, labels, inputShape: [28, 28, 1], classes: 10, scale: 1 / 255 });
 */
export async function storedDataSet({ read, labels, ...facts }: StoredData): Promise<DataSet> {
  // Labels are checked, and kept, by a data set of them alone; what is said of the samples comes from the first one.
  const known = arrayDataSet({
    inputs: new Uint8Array(labels.length),
    labels,
    inputShape: [1],
    classes: facts.classes,
    ...(facts.firstLabel === undefined ? {} : { firstLabel: facts.firstLabel }),
    ...(facts.source === undefined ? {} : { source: facts.source }),
  });
  const of = async (indices: Int32Array): Promise<DataSet> =>
    arrayDataSet({ ...facts, inputs: await read(indices), labels: indices.map((index) => labels[index] as number) });
  // The fingerprint of one sample says nothing of the others.
  const { batch: _, fingerprint: __, ...described } = await of(Int32Array.of(0));
  return {
    ...described,
    size: labels.length,
    inMemory: false,
    labels: (indices) => known.labels?.(indices) ?? indices,
    async batch(indices) {
      checkIndices(indices, labels.length);
      return (await of(indices)).batch(Int32Array.from(indices, (_index, i) => i));
    },
  };
}
