import type { DataSet } from '../contracts/data.js';
import { sizeOf } from '../shape.js';
import { arrayDataSet, fingerprintOf, type ArrayData } from './array-data-set.js';
import { contentHash } from './content-hash.js';
import { checkIndices } from './indices.js';

/** Samples that stay on disk, and their properties that are in memory. */
export interface StoredData extends Omit<ArrayData, 'inputs' | 'labels' | 'labelShape'> {
  readonly labels: Int32Array;
  /** Reads the inputs of the given samples, in that order. */
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
  // A data set of labels alone checks and keeps them; the properties of the samples come from the first sample.
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
  const { batch: _, fingerprint: __, ...described } = await of(Int32Array.of(0));
  // Each part of split data requests it.
  let fingerprint: Promise<string> | undefined;
  const hashed = async (): Promise<string> => {
    const hash = contentHash();
    await hash.addPieces(piecesOf(read, labels.length, facts.inputShape));
    const all = Int32Array.from(labels, (_, i) => i);
    return fingerprintOf(hash, known.labels?.(all) ?? labels, facts);
  };
  return {
    ...described,
    size: labels.length,
    inMemory: false,
    labels: (indices) => known.labels?.(indices) ?? indices,
    fingerprint: () => (fingerprint ??= hashed()),
    async batch(indices) {
      checkIndices(indices, labels.length);
      return (await of(indices)).batch(Int32Array.from(indices, (_index, i) => i));
    },
  };
}

/** The number of values that are read at once for the fingerprint. */
const pieceLength = 2 ** 20;

/** Returns all inputs in order. A piece has a multiple of 4 samples, so that its bytes are a multiple of 4. */
async function* piecesOf(read: StoredData['read'], size: number, inputShape: readonly number[]): AsyncGenerator<ArrayData['inputs']> {
  const width = sizeOf(inputShape);
  const rows = 4 * Math.max(1, Math.floor(pieceLength / (4 * width)));
  for (let from = 0; from < size; from += rows) {
    yield await read(Int32Array.from({ length: Math.min(rows, size - from) }, (_, i) => from + i));
  }
}
