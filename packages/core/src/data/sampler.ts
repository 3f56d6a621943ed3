import type { Random } from '../random.js';

/** Returns the updates in one pass over `size` samples; the last batch may be smaller. */
export const stepsPerEpoch = (size: number, batchSize: number): number => Math.ceil(size / batchSize);

/**
 * Returns the batches of an epoch: a permutation that depends on (seed, epoch) alone, split into pieces, so that a resumed run can begin
 * in the middle of any epoch. Each batch is the same array at every request.
 */
export function batchesOf(
  random: Random,
  epoch: number,
  size: number,
  batchSize: number,
): { readonly length: number; at(index: number): Int32Array } {
  const order = random.stream('sampler', epoch).permutation(size);
  const length = stepsPerEpoch(size, batchSize);
  const batches: Int32Array[] = [];
  return { length, at: (index) => (batches[index] ??= order.subarray(index * batchSize, (index + 1) * batchSize)) };
}

/** Returns 0 … size − 1 in order, in pieces: for evaluation. */
export function* inOrder(size: number, batchSize: number): Generator<Int32Array> {
  for (let start = 0; start < size; start += batchSize) {
    yield Int32Array.from({ length: Math.min(batchSize, size - start) }, (_, i) => start + i);
  }
}
