import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '../../contracts/data.js';
import { ignoredLabel } from '../../counted.js';
import { TemperError } from '../../errors.js';
import { sizeOf } from '../../shape.js';

/** The positions of a batch that count, on the host: 1 = counted, in the shape of the labels. */
export interface Counted {
  readonly shape: readonly number[];
  /** Absent if every position counts and the data give no mask. */
  readonly flags?: Float32Array;
}

/**
 * Finds the positions that count: those whose mask is 1 and whose label is not −100. This is the only place that decides it: all other
 * code receives the resulting mask.
 * @throws TemperError `data/invalid` for a mask of another shape than the labels, or with other values than 0 and 1.
 */
export async function countedOf({ labels, mask }: Batch): Promise<Counted> {
  const { shape } = labels;
  const ofLabels = await labels.data();
  if (mask === undefined)
    return ofLabels.includes(ignoredLabel as never) ? { shape, flags: Float32Array.from(ofLabels, counts) } : { shape };
  if (mask.shape.join() !== shape.join())
    throw wrongMask(`must have the shape of the labels, [${shape.join(', ')}], got [${mask.shape.join(', ')}]`);
  const ofMask = await mask.data();
  const other = ofMask.findIndex((value) => Number(value) !== 0 && Number(value) !== 1);
  if (other >= 0) throw wrongMask(`must be 1 for counted positions and 0 for the others, got ${ofMask[other]}`);
  return { shape, flags: Float32Array.from(ofLabels, (label, i) => counts(label) * Number(ofMask[i])) };
}

const counts = (label: number): number => (label === ignoredLabel ? 0 : 1);

const wrongMask = (message: string): TemperError =>
  new TemperError({ code: 'data/invalid', message: `the mask of a batch ${message}`, fault: 'user' });

/** Returns the part of `counted` that belongs to the given samples. */
export function countedAt({ shape: [, ...positions], flags }: Counted, indices: Int32Array): Counted {
  const shape = [indices.length, ...positions];
  if (flags === undefined) return { shape };
  const size = sizeOf(positions);
  const own = new Float32Array(indices.length * size);
  indices.forEach((sample, row) => own.set(flags.subarray(sample * size, (sample + 1) * size), row * size));
  return { shape, flags: own };
}

/**
 * Counts for each number of label dimensions: entry 0 is the number of samples with any counted position, …, the last entry is the number
 * of counted positions.
 */
export const countsOf = ({ shape, flags }: Counted): number[] =>
  shape.map((_, axis) => {
    const groups = sizeOf(shape.slice(0, axis + 1));
    if (flags === undefined) return groups;
    const size = flags.length / groups;
    let found = 0;
    for (let group = 0; group < groups; group++) if (flags.subarray(group * size, (group + 1) * size).includes(1)) found++;
    return found;
  });

/** Returns whether any position of a batch counts. */
export const isCounting = ({ flags }: Counted): boolean => flags === undefined || flags.includes(1);

/**
 * Returns the share of each micro-batch in its update, as scalars of its step: `share.1` of the samples that count, `share.2` of the
 * positions of sequences. A mean over the update is Σᵢ shareᵢ · meanᵢ over its micro-batches.
 */
export function sharesOf(parts: readonly Counted[]): Readonly<Record<string, number>>[] {
  const own = parts.map(countsOf);
  const total = (rank: number): number => own.reduce((sum, numbers) => sum + (numbers[rank] as number), 0);
  return own.map((numbers) => Object.fromEntries(numbers.map((number, rank) => [`share.${rank + 1}`, number / Math.max(1, total(rank))])));
}

/** A batch, and the positions that count in it. */
export interface CountedBatch {
  readonly batch: Batch;
  readonly counted: Counted;
}

/** Replaces the mask of a batch by the complete one, which includes ignored labels. */
export async function withCounted({ mask, ...batch }: Batch): Promise<CountedBatch> {
  const counted = await countedOf({ ...batch, ...(mask === undefined ? {} : { mask }) });
  mask?.dispose();
  const { flags, shape } = counted;
  return { batch: flags === undefined ? batch : { ...batch, mask: tf.tensor(flags, [...shape], 'float32') }, counted };
}
