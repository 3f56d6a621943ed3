import { z } from 'zod';
import { type AnyDefinition } from '@temper/core';
import { checkSchedule as check, type ScheduleCheckOptions } from './index.js';

// A few cases of each law are sufficient, since these tests test the checks.
export const checkSchedule = (definition: AnyDefinition, options: ScheduleCheckOptions = {}): void =>
  check(definition, { runs: 30, ...options });

export const options = z.strictObject({ from: z.number().min(-1e6).max(1e6), to: z.number().min(-1e6).max(1e6) });
