import { defineSchedule } from '@temper/core';
import { z } from 'zod';
import { value } from '../options.js';

/**
 * A constant: value(p) = value. In a config, a plain number means the same.
 * @example constant(4)({ step: 50, total: 100 }) // 4
 */
export const constant = defineSchedule({
  type: 'constant',
  options: z.strictObject({ value }).describe('constant `value`'),
  shorthand: 'value',
  create:
    ({ value }) =>
    () =>
      value,
});
