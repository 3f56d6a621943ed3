import type { DataSet } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';

/** Inputs and labels of the samples named (all of them by default) as plain arrays; fails where a tensor stays behind. */
export async function readBatch(data: DataSet, indices: readonly number[] = Array.from({ length: data.size }, (_, i) => i)) {
  return expectNoLeakedTensors(async () => {
    const { inputs, labels } = await data.batch(Int32Array.from(indices));
    const values = { inputs: inputs.dataSync() as Float32Array, labels: labels.dataSync() as Int32Array, shape: inputs.shape };
    inputs.dispose();
    labels.dispose();
    return values;
  });
}
