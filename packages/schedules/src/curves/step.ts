import { defineSchedule } from '@temper/core';
import { z } from 'zod';
import { length, period, updatesIn } from '../length.js';
import { withinTotal } from '../local-progress.js';
import { largest, positive, value } from '../options.js';
import { completed } from './completed.js';

/**
 * A staircase: value = from · factor^k after k changes. Changes come at regular intervals (`every`) or at given positions (`at`).
 * @example step({ from: 20, factor: 0.5, every: { steps: 100 } })({ step: 250, total: 1000 }) // 5
 * @example step({ from: 20, factor: 0.5, at: [{ fraction: 0.5 }, { fraction: 0.75 }] })({ step: 60, total: 100 }) // 10
 */
export const step = defineSchedule({
  type: 'step',
  options: z
    .strictObject({
      from: value,
      factor: positive.describe('factor of every change'),
      every: period.optional().describe('length between two changes'),
      at: z.array(length).min(1).optional().describe('places of the changes, from the start'),
    })
    .refine(
      ({ every, at }) => (every === undefined) !== (at === undefined),
      'must have either every (the length between changes) or at (their places)',
    )
    .describe('steps from `from`, times `factor`[ every `every`][ at `at`]'),
  create({ from, factor, every, at: places = [] }) {
    if (every !== undefined) {
      const updates = updatesIn(every);
      return (at) => from * power(factor, completed(withinTotal(at).step, updates(at)));
    }
    const changes = places.map(updatesIn);
    return (at) => {
      const { step } = withinTotal(at);
      const count = changes.reduce((count, updates) => (Math.round(updates(at)) <= step ? count + 1 : count), 0);
      return from * power(factor, count);
    };
  },
});

/** Stays finite after any number of changes by a factor above 1. */
const power = (factor: number, times: number): number => Math.min(factor ** times, largest);
