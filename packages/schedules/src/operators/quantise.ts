import { z } from 'zod';
import { plainOnly } from '../combine/parts.js';
import { defineOperator } from '../combine/operator.js';
import { completed } from '../curves/completed.js';
import { period, updatesIn } from '../length.js';
import { localProgress, withinTotal } from '../local-progress.js';

/**
 * Holds values for a time: a new value after each interval (`every`), or a number of values in all (`levels`). Block i of n has the value
 * of `of` at update round(i·(total − 1)/(n − 1)): the first block has its start, and the last block its end.
 * @example quantise({ of: linear({ from: 20, to: 1 }), every: { epochs: 1 } })({ step: 15, total: 20, stepsPerEpoch: 10 }) // 1
 */
export const quantise = defineOperator({
  type: 'quantise',
  options: (ref) =>
    z
      .strictObject({
        of: ref.temperature,
        every: period.optional().describe('length of a block'),
        levels: z.int().min(1).max(1e9).optional().describe('number of blocks, of the same length'),
      })
      .refine(
        ({ every, levels }) => (every === undefined) !== (levels === undefined),
        'must have either every (the length of a block) or levels (their number)',
      )
      .describe('`of`[, a new value every `every`][, in `levels` levels]'),
  create({ of, every, levels = 1 }) {
    const schedule = plainOnly(of, 'quantise', 'its value changes with every batch or evaluation');
    const updates = every === undefined ? undefined : updatesIn(every);
    return (given) => {
      const at = withinTotal(given);
      const last = at.total - 1;
      const length = updates === undefined ? at.total / levels : updates(at);
      const blocks = completed(last, length);
      return schedule(localProgress(at, blocks === 0 ? last : Math.round((completed(at.step, length) * last) / blocks), at.total));
    };
  },
});
