import { z } from 'zod';
import { type AnyDefinition } from '@temper/core';
import { checkSchedule as check, type ScheduleCheckOptions } from './index.js';

// Few cases of each law are enough here: what is tested is the test.
export const checkSchedule = (definition: AnyDefinition, options: ScheduleCheckOptions = {}): void =>
  check(definition, { runs: 30, ...options });

export const options = z.strictObject({ from: z.number().min(-1e6).max(1e6), to: z.number().min(-1e6).max(1e6) });
