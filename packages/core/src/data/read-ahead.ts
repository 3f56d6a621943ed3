import { tf } from '#libraries';
import type { Batch, DataSet } from '../contracts/data.js';
import { askBatch } from './ask.js';
import { inOrder } from './sampler.js';

/** Batches of one data set, some of which are requested before they are needed. */
export interface ReadAhead {
  /** Starts to read these batches where they are on disk; earlier requests for other batches are dropped. */
  ahead(wanted: readonly Int32Array[]): void;
  /** Returns a batch: one that was started for this array of indices, or a new one. The caller disposes it. */
  batch(indices: Int32Array): Promise<Batch>;
  /** Frees the batches that were read and not used. */
  dispose(): Promise<void>;
}

/**
 * Reads batches while the processor works on the previous one. Only data sets that are not in memory and do not vary are read ahead:
 * their batches are a function of the indices, and reading them is mostly waiting.
 */
export function readAhead(data: DataSet): ReadAhead {
  const isSlow = data.inMemory === false && data.varying !== true;
  const begun = new Map<Int32Array, Promise<Batch>>();
  const drop = async (indices: Int32Array): Promise<void> => {
    const batch = begun.get(indices);
    begun.delete(indices);
    // The next request for this batch reports its failure.
    await batch?.then(disposeBatch, () => undefined);
  };
  return {
    ahead(wanted) {
      if (!isSlow) return;
      for (const indices of [...begun.keys()]) if (!wanted.includes(indices)) void drop(indices);
      for (const indices of wanted) {
        if (begun.has(indices)) continue;
        const batch = askBatch(data, indices);
        batch.catch(() => undefined);
        begun.set(indices, batch);
      }
    },
    async batch(indices) {
      const batch = begun.get(indices);
      begun.delete(indices);
      return batch ?? askBatch(data, indices);
    },
    async dispose() {
      await Promise.all([...begun.keys()].map(drop));
    },
  };
}

/** Returns all batches of a data set in order; the next batch is read while the caller uses one. The caller disposes them. */
export async function* batchesInOrder(
  data: DataSet,
  batchSize: number,
): AsyncGenerator<{ readonly indices: Int32Array; readonly batch: Batch }> {
  const source = readAhead(data);
  const all = inOrder(data.size, batchSize);
  let next = all.next();
  try {
    while (next.done !== true) {
      const indices = next.value;
      next = all.next();
      source.ahead(next.done === true ? [indices] : [indices, next.value]);
      yield { indices, batch: await source.batch(indices) };
    }
  } finally {
    await source.dispose();
  }
}

/** Frees the tensors of a batch. */
export const disposeBatch = ({ inputs, labels, mask }: Batch): void =>
  tf.dispose(mask === undefined ? [inputs, labels] : [inputs, labels, mask]);
