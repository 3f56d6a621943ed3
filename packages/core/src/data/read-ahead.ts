import { tf } from '#libraries';
import type { Batch, DataSet } from '../contracts/data.js';
import { askBatch } from './ask.js';
import { inOrder } from './sampler.js';

/** Batches of one data set, of which some are asked for before they are needed. */
export interface ReadAhead {
  /** Begins to read these batches where they stay on the disk; others that were asked for earlier are dropped. */
  ahead(wanted: readonly Int32Array[]): void;
  /** A batch: the one that was begun for this very array of indices, or one that is made now. The caller disposes it. */
  batch(indices: Int32Array): Promise<Batch>;
  /** Frees what was read and not taken. */
  dispose(): Promise<void>;
}

/**
 * Reads batches while the processor is busy with the one before. Only data sets that say that they are not in memory, and do not vary,
 * are read ahead: there a batch is a function of its indices, and making it is waiting.
 */
export function readAhead(data: DataSet): ReadAhead {
  const isSlow = data.inMemory === false && data.varying !== true;
  const begun = new Map<Int32Array, Promise<Batch>>();
  const drop = async (indices: Int32Array): Promise<void> => {
    const batch = begun.get(indices);
    begun.delete(indices);
    // Whoever asks for it again hears of its failure then.
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

/** All batches of a data set in order; the next one is read while a batch is in use, which the caller disposes. */
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
