import { createRandom, split, subset, type DataSet, type DataSplits } from '@temper/core';
import { invalid } from './invalid.js';

export interface Shares {
  readonly seed: number;
  /** Share of the samples from which training and validation are taken. */
  readonly validation: number;
  /** Share of all samples; 0 where the test samples come from elsewhere. */
  readonly test: number;
}

export interface Parts {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
}

/** Sizes of the parts; at least one sample for each part that has a share. */
function sizesOf(size: number, { validation, test }: Shares, source: string) {
  const tested = test === 0 ? 0 : Math.max(1, Math.round(size * test));
  const chosen = Math.max(1, Math.round((size - tested) * validation));
  const trained = size - tested - chosen;
  if (trained < 1)
    throw invalid(source, `has too few samples (${size}) for training, validation and test data`, 'Give more samples, or smaller shares.');
  return { tested, chosen, trained };
}

/** Cuts samples into parts by a seeded permutation. */
export function cutParts(size: number, shares: Shares, source: string): Parts {
  const { tested, chosen, trained } = sizesOf(size, shares, source);
  const [test, validation, train] = split(size, [tested, chosen, trained], createRandom(shares.seed).stream('data/parts'));
  return { train, validation, test };
}

/**
 * Cuts samples into parts that hold the classes in the same shares, by a seeded permutation within each class. A class with three samples
 * has one in every part; the only sample of a class is for training.
 */
export function cutByClass(labels: Int32Array, shares: Shares, source: string): Parts {
  const { tested, chosen } = sizesOf(labels.length, shares, source);
  const order = createRandom(shares.seed).stream('data/parts').permutation(labels.length);
  const members = new Map<number, number[]>();
  for (const sample of order) {
    const label = labels[sample] as number;
    const known = members.get(label);
    if (known === undefined) members.set(label, [sample]);
    else known.push(sample);
  }
  const groups = [...members.keys()].sort((a, b) => a - b).map((label) => members.get(label) as number[]);
  const counts = groups.map(({ length }) => length);
  const forTest = tested === 0 ? counts.map(() => 0) : quotas(counts, tested, 2);
  const left = counts.map((count, i) => count - (forTest[i] as number));
  const forValidation = quotas(left, chosen, 1);
  const part: Uint8Array = new Uint8Array(labels.length);
  groups.forEach((group, i) => {
    const [ofTest, ofValidation] = [forTest[i] as number, forValidation[i] as number];
    group.forEach((sample, at) => (part[sample] = at < ofTest ? 2 : at < ofTest + ofValidation ? 1 : 0));
  });
  const [train, validation, test] = [0, 1, 2].map((wanted) => order.filter((sample) => part[sample] === wanted)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  return { train, validation, test };
}

/**
 * How many of each class make `total` in the shares of the counts: rounded down, at least one, then one more for the largest remainders.
 * A class keeps `keep` samples where it has as many, so that small classes may make more or less than the total; at least one is given.
 */
function quotas(counts: readonly number[], total: number, keep: number): number[] {
  const size = counts.reduce((sum, count) => sum + count, 0);
  const wanted = counts.map((count) => (count * total) / size);
  const given = counts.map((count, i) => Math.max(0, Math.min(count - keep, Math.max(1, Math.floor(wanted[i] as number)))));
  const remainder = (i: number): number => (wanted[i] as number) - (given[i] as number);
  let missing = total - given.reduce((sum, one) => sum + one, 0);
  const byRemainder = (): number[] => counts.map((_, at) => at).sort((a, b) => remainder(b) - remainder(a) || a - b);
  for (let kept = keep; kept >= 1 && missing > 0; kept--) {
    for (const i of byRemainder()) {
      // A class too small to be in every part may leave one of them out.
      const isOpen = kept === keep || (counts[i] as number) <= keep;
      if (missing <= 0 || !isOpen || (given[i] as number) >= (counts[i] as number) - kept) continue;
      given[i] = (given[i] as number) + 1;
      missing -= 1;
    }
  }
  const [first] = byRemainder();
  if (first !== undefined && !given.some((one) => one > 0)) given[first] = 1;
  return given;
}

/** Returns the parts of one data set as data sets; `test` replaces the test part if it is given. */
export const asSplits = (all: DataSet, { train, validation, test }: Parts, tested?: DataSet): DataSplits => ({
  train: subset(all, train),
  validation: subset(all, validation),
  test: tested ?? subset(all, test),
  cut: tested === undefined,
});
