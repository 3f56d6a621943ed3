import { tf } from '@temper/core';
import { z } from 'zod';
import { defineOperator } from '../combine/operator.js';
import { pointwise } from '../combine/pointwise.js';
import { value } from '../options.js';

/**
 * Clips to `min` and `max`: value = min(max, max(min, of)).
 * @example clamp({ of: linear({ from: 20, to: 0 }), min: 1, max: 10 })({ step: 0, total: 100 }) // 10
 */
export const clamp = defineOperator({
  type: 'clamp',
  options: (ref) =>
    z
      .strictObject({ of: ref.temperature, min: value.optional(), max: value.optional() })
      .refine(({ min, max }) => min !== undefined || max !== undefined, 'must have min, max or both')
      .refine(({ min = -Infinity, max = Infinity }) => min <= max, { path: ['min'], error: 'must not be above max' })
      .describe('`of`[, at least `min`][, at most `max`]'),
  create: ({ of, min = -Infinity, max = Infinity }) =>
    pointwise(
      [of],
      ([of]) => Math.min(max, Math.max(min, of)),
      ([of]) => {
        const above = min === -Infinity ? of : tf.maximum(of, min);
        return max === Infinity ? above : tf.minimum(above, max);
      },
    ),
});
