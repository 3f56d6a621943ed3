import { scheduleWithin, type Refs, type Schedule } from '@temper/core';
import { cosine } from '../curves/cosine.js';
import { temperature } from '../options.js';

/** The range of a learned temperature, as in the runs of its paper. */
export const adversarialRange = {
  min: temperature.default(1).describe('lower end of the range'),
  max: temperature.default(21).describe('upper end of the range'),
};

export const strengthOption = (ref: Refs) =>
  ref.schedule.optional().describe('how strongly it works against the student; a cosine from 0 to 1 where left out');

/** Strength of a gradient reversal over progress; below 0 the temperature would help the student and run away. */
export const strengthOrDefault = (strength: Schedule = cosine({ from: 0, to: 1 })): Schedule =>
  scheduleWithin(strength, { path: 'strength', min: 0 });
