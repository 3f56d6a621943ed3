import { z } from 'zod';
import { combine } from '../combine/combine.js';
import { defineOperator } from '../combine/operator.js';
import { first } from '../combine/parts.js';

/**
 * Uses the progress of the whole run instead of the progress of the stage or part. Outside of a run, the given progress counts as that of
 * the run.
 * @example { type: 'global', of: { type: 'linear', from: 20, to: 1 } }
 */
export const global = defineOperator({
  type: 'global',
  options: (ref) => z.strictObject({ of: ref.temperature }).describe('`of` over the whole run'),
  shorthand: 'of',
  create: ({ of }) =>
    combine([of], { inForce: (at) => [{ index: 0, at: at.run ?? at }], numbers: first, temperatures: first, placeOf: () => 'of' }),
});
