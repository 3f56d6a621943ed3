import type { DataSet } from '../contracts/data.js';
import { TemperError } from '../errors.js';
import { contentHash } from './content-hash.js';
import { checkIndices } from './indices.js';

/**
 * Returns the samples of a data set at `indices`, in that order; nothing is copied.
 * @throws TemperError `data/invalid` for no indices, and for an index outside of the data set.
 * @example subset(images, Int32Array.of(4, 2)).size // 2
 */
export function subset(of: DataSet, indices: Int32Array): DataSet {
  if (indices.length === 0)
    throw new TemperError({ code: 'data/invalid', path: 'indices', message: 'must name at least one sample, got none' });
  checkIndices(indices, of.size);
  return {
    ...facts(of),
    size: indices.length,
    ...(of.labels === undefined
      ? {}
      : { labels: (positions) => (of.labels as NonNullable<DataSet['labels']>)(positions.map((position) => indices[position] as number)) }),
    ...(of.fingerprint === undefined ? {} : { fingerprint: async () => fingerprintOf(await of.fingerprint?.(), indices) }),
    batch(positions) {
      checkIndices(positions, indices.length);
      return of.batch(positions.map((position) => indices[position] as number));
    },
  };
}

/** Returns the fingerprint of a subset: it depends on the data set and on the indices. */
function fingerprintOf(whole: string | undefined, indices: Int32Array): string {
  const hash = contentHash();
  hash.add(whole ?? '');
  hash.add(indices);
  return hash.digest();
}

/** Returns the properties of a data set without its samples. */
function facts({ batch: _, ...rest }: DataSet): Omit<DataSet, 'batch'> {
  return rest;
}
