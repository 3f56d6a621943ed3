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

/** Cuts samples into parts by a seeded permutation; at least one sample for each part that has a share. */
export function cutParts(size: number, { seed, validation, test }: Shares, source: string): Parts {
  const tested = test === 0 ? 0 : Math.max(1, Math.round(size * test));
  const chosen = Math.max(1, Math.round((size - tested) * validation));
  const trained = size - tested - chosen;
  if (trained < 1) throw invalid(source, `has too few samples (${size}) to cut training, validation and test data from`, 'Give more samples, or smaller shares.');
  const [forTest, forValidation, forTraining] = split(size, [tested, chosen, trained], createRandom(seed).stream('data/parts'));
  return { train: forTraining, validation: forValidation, test: forTest };
}

/** The parts of one data set as data sets; `test` is one of its own where it is given. */
export const asSplits = (all: DataSet, { train, validation, test }: Parts, tested?: DataSet): DataSplits => ({
  train: subset(all, train),
  validation: subset(all, validation),
  test: tested ?? subset(all, test),
  cut: tested === undefined,
});
