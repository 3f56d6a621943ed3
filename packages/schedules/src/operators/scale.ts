import { TemperError, tf } from '@temper/core';
import { z } from 'zod';
import { defineOperator } from '../combine/operator.js';
import { isPlain } from '../combine/parts.js';
import { pointwise } from '../combine/pointwise.js';
import { value } from '../options.js';

/**
 * Multiplies by a number: value = by · of. For an adaptive temperature `by` must be above 0.
 * @example scale({ of: linear({ from: 20, to: 1 }), by: 0.5 })({ step: 0, total: 100 }) // 10
 */
export const scale = defineOperator({
  type: 'scale',
  options: (ref) => z.strictObject({ of: ref.temperature, by: value }).describe('`by` times `of`'),
  create({ of, by }) {
    if (!isPlain(of) && by <= 0) {
      throw new TemperError({
        code: 'config/invalid',
        path: 'by',
        message: `must be a finite number above 0 where an adaptive temperature is scaled, got ${by}`,
      });
    }
    return pointwise(
      [of],
      ([of]) => by * of,
      ([of]) => tf.mul(of, by),
    );
  },
});
