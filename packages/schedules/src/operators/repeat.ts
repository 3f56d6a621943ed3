import { z } from 'zod';
import { plainOnly } from '../combine/parts.js';
import { defineOperator } from '../combine/operator.js';
import { completed } from '../curves/completed.js';
import { localProgress, withinTotal } from '../local-progress.js';

/**
 * Repeats a schedule `times` times in the stage, each time with its own progress from 0 to 1.
 * @example repeat({ of: linear({ from: 20, to: 1 }), times: 2 })({ step: 50, total: 100 }) // 20
 */
export const repeat = defineOperator({
  type: 'repeat',
  options: (ref) => z.strictObject({ of: ref.temperature, times: z.int().min(1).max(1e9) }).describe('`of` `times` times'),
  create({ of, times }) {
    const schedule = plainOnly(of, 'repeat', 'its learned or observed state does not start again');
    return (given) => {
      const at = withinTotal(given);
      const length = at.total / times;
      const round = completed(at.step, length);
      const begin = Math.round(round * length);
      return schedule(localProgress(at, at.step - begin, Math.round((round + 1) * length) - begin));
    };
  },
});
