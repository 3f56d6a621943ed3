import type { Progress } from '@temper/core';
import { z } from 'zod';
import { combine } from '../combine/combine.js';
import { defineOperator } from '../combine/operator.js';
import { first } from '../combine/parts.js';
import { length, updatesIn, type Length } from '../length.js';
import { localProgress, withinTotal } from '../local-progress.js';

/**
 * One part after the other, each with its own progress from 0 to 1. Without `lengths` all parts have the same length; otherwise `lengths`
 * gives the length of every part but the last, which takes the remaining updates. Parts are half-open: an update belongs to the part that
 * starts at it. Fractions leave at least one update to every later part; lengths in steps and epochs are not shortened, and parts beyond
 * the end of the stage are cut off.
 * @example sequence([linear({ from: 20, to: 4 }), hold(4)])({ step: 49, total: 100 }) // 4
 * @example sequence({ of: [hold(8), cosine({ from: 8, to: 1 })], lengths: [{ epochs: 2 }] })
 */
export const sequence = defineOperator({
  type: 'sequence',
  options: (ref) =>
    z
      .strictObject({
        of: z.array(ref.temperature).min(1).describe('the parts'),
        lengths: z.array(length).optional().describe('length of every part but the last'),
      })
      .refine(({ of, lengths }) => lengths === undefined || lengths.length === of.length - 1, {
        path: ['lengths'],
        error: 'must have one entry fewer than `of`: the last part takes the remaining updates',
      })
      .describe('sequence of `of`[ (for `lengths`, then the rest)]'),
  shorthand: 'of',
  create({ of, lengths }) {
    const begins = lengths === undefined ? evenly(of.length) : byLengths(lengths);
    return combine(of, {
      inForce: (at) => [seatAt(withinTotal(at), begins)],
      numbers: first,
      temperatures: first,
      switches: true,
      placeOf: (index) => `of[${index}]`,
      ofTemperatures: true,
    });
  },
});

/** The update at which part i begins; part 0 begins at 0. */
interface Begins {
  readonly parts: number;
  begin(i: number, at: Progress): number;
}

const evenly = (parts: number): Begins => ({ parts, begin: (i, { total }) => capped((i / parts) * total, i, parts, total) });

function byLengths(lengths: readonly Length[]): Begins {
  const parts = lengths.length + 1;
  const updates = lengths.map(updatesIn);
  const relative = lengths.every(({ fraction }) => fraction !== undefined);
  return {
    parts,
    begin(i, at) {
      let sum = 0;
      for (let k = 0; k < i; k++) sum += (updates[k] as (at: Progress) => number)(at);
      return relative ? capped(sum, i, parts, at.total) : Math.round(sum);
    },
  };
}

/** Rounded, and early enough that this part and every later one gets an update where there are enough. */
const capped = (begin: number, i: number, parts: number, total: number): number =>
  Math.max(0, Math.min(Math.round(begin), total - (parts - i)));

function seatAt(at: Progress, { parts, begin }: Begins): { index: number; at: Progress } {
  let from = 0;
  for (let index = 0; index < parts - 1; index++) {
    const end = begin(index + 1, at);
    if (end > at.step) return { index, at: localProgress(at, at.step - from, end - from) };
    from = end;
  }
  return { index: parts - 1, at: localProgress(at, at.step - from, at.total - from) };
}
