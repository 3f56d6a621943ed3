import { tf } from '@temper/core';
import { z } from 'zod';
import { defineOperator } from '../combine/operator.js';
import { pointwise } from '../combine/pointwise.js';
import { value } from '../options.js';

/**
 * Adds a number: value = of + by.
 * @example offset({ of: linear({ from: 19, to: 0 }), by: 1 })({ step: 0, total: 100 }) // 20
 */
export const offset = defineOperator({
  type: 'offset',
  options: (ref) => z.strictObject({ of: ref.temperature, by: value }).describe('`of` plus `by`'),
  create: ({ of, by }) =>
    pointwise(
      [of],
      ([of]) => of + by,
      ([of]) => tf.add(of, by),
    ),
});
