import { defineSchedule } from '@temper/core';
import { z } from 'zod';
import { constant } from '../curves/constant.js';
import { value } from '../options.js';

/**
 * A constant, under the name that reads well in a sequence.
 * @example sequence([linear({ from: 20, to: 4 }), hold(4)])
 */
export const hold = defineSchedule({
  type: 'hold',
  options: z.strictObject({ value }).describe('hold at `value`'),
  shorthand: 'value',
  create: constant.create,
});
