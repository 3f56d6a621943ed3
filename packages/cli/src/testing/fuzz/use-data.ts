import { tf, type DataLoader } from '@temper/core';

/** Reads data completely: a batch of each part. */
export async function useData(load: DataLoader): Promise<void> {
  const { train, validation, test } = await load();
  for (const part of [train, validation, test]) {
    const { inputs, labels, mask } = await part.batch(Int32Array.of(0, part.size - 1));
    tf.dispose([inputs, labels, ...(mask === undefined ? [] : [mask])]);
  }
}
