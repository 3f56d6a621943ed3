import { z } from 'zod';
import { combine } from '../combine/combine.js';
import { defineOperator } from '../combine/operator.js';
import { first } from '../combine/parts.js';

/**
 * The whole run's progress instead of the stage's or the part's. Where a schedule is used by itself and no run is
 * known, the progress it is given is the run's.
 * @example { type: 'global', of: { type: 'linear', from: 20, to: 1 } }
 */
export const global = defineOperator({
  type: 'global',
  options: (ref) => z.strictObject({ of: ref.temperature }).describe('`of` over the whole run'),
  shorthand: 'of',
  create: ({ of }) => combine([of], { inForce: (at) => [{ index: 0, at: at.run ?? at }], numbers: first, temperatures: first }),
});
