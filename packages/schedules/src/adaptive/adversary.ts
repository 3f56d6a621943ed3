import { scheduleWithin, type Refs, type Schedule } from '@temper/core';
import { cosine } from '../curves/cosine.js';
import { temperature } from '../options.js';

/** Range of a learned temperature; the defaults are those of its paper. */
export const adversarialRange = {
  min: temperature.default(1).describe('lower end of the range'),
  max: temperature.default(21).describe('upper end of the range'),
};

export const strengthOption = (ref: Refs) =>
  ref.schedule.optional().describe('strength of the reversed gradient; default: a cosine from 0 to 1');

/** Strength of a gradient reversal over progress; it must not be negative, since the temperature would then diverge. */
export const strengthOrDefault = (strength: Schedule = cosine({ from: 0, to: 1 })): Schedule =>
  scheduleWithin(strength, { path: 'strength', min: 0 });
