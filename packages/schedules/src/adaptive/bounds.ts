import { scheduleWithin, type Schedule } from '@temper/core';
import { lowest, temperature } from '../options.js';

/** The options of adaptive temperatures that say what range they are kept in. */
export const atLeast = temperature.default(lowest).describe('never below this');
export const atMost = temperature.default(1000).describe('never above this');

/** For `refine` of options with `min` and `max`: there has to be something between them. */
export const isOrdered = ({ min, max }: { min: number; max: number }): boolean => min < max;
export const notOrdered = { path: ['min'], error: 'must be below max' };

/** The base of an adaptive temperature, refused where it goes below the range in which the temperature is kept. */
export const base = (schedule: Schedule, min: number, path = 'base'): Schedule => scheduleWithin(schedule, { path, min });

/** A share between 0 and 1 over progress. */
export const share = (schedule: Schedule, path: string): Schedule => scheduleWithin(schedule, { path, min: 0, max: 1 });
