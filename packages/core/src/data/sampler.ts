import type { Random } from '../random.js';

/** Updates in one pass over `size` samples; the last batch may be smaller. */
export const stepsPerEpoch = (size: number, batchSize: number): number => Math.ceil(size / batchSize);

/**
 * The batches of an epoch: a permutation that depends on (seed, epoch) alone, cut into pieces, so a resumed run can
 * begin in the middle of any epoch. A batch is the same array each time it is asked for.
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

/** 0 … size − 1 in order, in pieces: for evaluation. */
export function* inOrder(size: number, batchSize: number): Generator<Int32Array> {
  for (let start = 0; start < size; start += batchSize) {
    yield Int32Array.from({ length: Math.min(batchSize, size - start) }, (_, i) => start + i);
  }
}
