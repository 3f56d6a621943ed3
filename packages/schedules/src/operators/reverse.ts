import type { Progress } from '@temper/core';
import { z } from 'zod';
import { plainOnly } from '../combine/parts.js';
import { defineOperator } from '../combine/operator.js';
import { localProgress, withinTotal } from '../local-progress.js';

/**
 * Reverses a schedule: value(step) = of(total − 1 − step).
 * @example reverse(polynomial({ from: 20, to: 1, power: 3 }))({ step: 0, total: 100 }) // 1
 */
export const reverse = defineOperator({
  type: 'reverse',
  options: (ref) => z.strictObject({ of: ref.temperature }).describe('`of` backwards'),
  shorthand: 'of',
  create({ of }) {
    const schedule = plainOnly(of, 'reverse', 'its learned or observed state cannot be reversed');
    return (at) => schedule(mirrored(withinTotal(at)));
  },
});

// One update is the end of a schedule, and the end of this one is the start of the other: that of a long run.
const longRun = 2 ** 30;

const mirrored = (at: Progress): Progress =>
  at.total === 1 ? localProgress(at, 0, longRun) : localProgress(at, at.total - 1 - at.step, at.total);
