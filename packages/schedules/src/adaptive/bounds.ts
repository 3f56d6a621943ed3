import { scheduleWithin, type Schedule } from '@temper/core';
import { lowest, temperature } from '../options.js';

/** The options of adaptive temperatures that say what range they are kept in. */
export const atLeast = temperature.default(lowest).describe('never below this');
export const atMost = temperature.default(1000).describe('never above this');

interface Range {
  readonly min: number;
  readonly max: number;
}

/** For `refine` of options with `min` and `max`: there has to be something between them. */
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

/** The base of an adaptive temperature, refused where it goes below the range in which the temperature is kept. */
export const base = (schedule: Schedule, min: number, path = 'base'): Schedule => scheduleWithin(schedule, { path, min });

/** A share between 0 and 1 over progress. */
export const share = (schedule: Schedule, path: string): Schedule => scheduleWithin(schedule, { path, min: 0, max: 1 });
