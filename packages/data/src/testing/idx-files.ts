import type { DataSplits } from '@temper/core';
import { expect } from 'vitest';
import { idxBytes } from './idx-bytes.js';
import { memoryFiles } from './memory-files.js';
import { readBatch } from './read-batch.js';

/** Sample i is a 2×1 image of (from + i, 51) with label i mod 10. */
export const images = (size: number, from = 0): Uint8Array =>
  idxBytes(
    [size, 2, 1],
    Array.from({ length: 2 * size }, (_, i) => (i % 2 === 0 ? from + i / 2 : 51)),
  );
export const labels = (size: number): Uint8Array =>
  idxBytes(
    [size],
    Array.from({ length: size }, (_, i) => i % 10),
  );
export const pair = { images: 'i', labels: 'l' } as const;
export const config = (more: object = {}) => ({ type: 'idx', ...pair, ...more }) as const;
export const pairOf = (size: number) => memoryFiles({ i: images(size), l: labels(size) });
export const folder = (train: number, test: number) => ({
  'd/train-images-idx3-ubyte': images(train),
  'd/train-labels-idx1-ubyte': labels(train),
  'd/t10k-images-idx3-ubyte.gz': images(test, 200),
  'd/t10k-labels-idx1-ubyte.gz': labels(test),
});

/** The first pixel of every sample, which says which one it is. */
export const samplesOf = async (splits: DataSplits): Promise<number[][]> => {
  const found: number[][] = [];
  for (const part of [splits.train, splits.validation, splits.test]) {
    const { inputs, labels } = await readBatch(part);
    const ids = [...inputs].flatMap((level, i) => (i % 2 === 0 ? [Math.round(level * 255)] : []));
    expect(ids.map((id) => (id % 200) % 10)).toEqual([...labels]);
    found.push(ids);
  }
  return found;
};
