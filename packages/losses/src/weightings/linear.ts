import { defineWeighting, progressOf, TemperError } from '@temper/core';
import { z } from 'zod';
import { weightsByName } from './support/options.js';
import { restOf } from './support/rest.js';
import { scheduledWeights } from './support/scheduled-weights.js';

const share = z.number().min(0).max(1).describe('weight of the soft loss; the hard loss has 1 minus it');
const weights = z.union([share, weightsByName], { error: 'must be the weight of the soft loss from 0 to 1, or weights by name' });
const byName = (given: number | Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  typeof given === 'number' ? { soft: given, hard: restOf(given) } : given;

/**
 * Moves from one set of weights to another in a straight line: w_k(p) = from_k + (to_k − from_k)·p.
 * The last update has exactly `to`. Without options the weight of the soft loss falls from 1 to 0 and that of the hard loss rises from 0 to
 * 1; a number is the weight of the soft loss, and the hard loss has 1 minus it.
 * @throws TemperError `config/invalid` where `from` and `to` weigh different losses, or a weight is negative or not finite.
 * @example linearWeights({ from: 0.9, to: 0.1 })({ step: 0, total: 100 }) // { soft: 0.9, hard: 0.1 }
 */
export const linearWeights = defineWeighting({
  type: 'linear',
  options: z.strictObject({ from: weights.default(1), to: weights.default(0) }),
  create: (given) => {
    const [from, to] = [byName(given.from), byName(given.to)];
    const losses = Object.keys(from);
    const other = [...losses, ...Object.keys(to)].find((name) => !(name in from && name in to));
    if (other !== undefined) {
      throw new TemperError({
        code: 'config/invalid',
        path: other in from ? 'to' : 'from',
        message: `must have weights for the same losses as ${other in from ? 'from' : 'to'}; "${other}" is missing`,
        hint: 'Give a loss that fades in or out the weight 0 at that end.',
      });
    }
    return scheduledWeights(losses, (at) => {
      const p = progressOf(at);
      if (p === 1) return to;
      return Object.fromEntries(losses.map((name) => [name, (from[name] as number) + ((to[name] as number) - (from[name] as number)) * p]));
    });
  },
});
