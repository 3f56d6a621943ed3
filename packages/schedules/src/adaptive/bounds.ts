import { scheduleWithin, type Schedule } from '@temper/core';
import { lowest, temperature } from '../options.js';

/** Options for the range of an adaptive temperature. */
export const atLeast = temperature.default(lowest).describe('smallest temperature');
export const atMost = temperature.default(1000).describe('largest temperature');

interface Range {
  readonly min: number;
  readonly max: number;
}

/** For `refine` of options with `min` and `max`: the range must not be empty. */
export const isOrdered = ({ min, max }: Range): boolean => min < max;
export const notOrdered = {
  path: ['min'],
  error: ({ input }: { input: unknown }) => `must be below max (${(input as Range).max}), got ${(input as Range).min}`,
};

/** The same where `from` has to lie between them. */
export const isInside = ({ from, min, max }: Range & { readonly from: number }): boolean => from >= min && from <= max;
export const notInside = {
  path: ['from'],
  error: ({ input }: { input: unknown }) => {
    const { from, min, max } = input as Range & { readonly from: number };
    return `must lie between min (${min}) and max (${max}), got ${from}`;
  },
};

/** Base of an adaptive temperature; refused where it falls below the range of the temperature. */
export const base = (schedule: Schedule, min: number, path = 'base'): Schedule => scheduleWithin(schedule, { path, min });

/** A share between 0 and 1 over progress. */
export const share = (schedule: Schedule, path: string): Schedule => scheduleWithin(schedule, { path, min: 0, max: 1 });
