import { asTemperature, type Kit } from '@temper/core';
import { sample } from '@temper/schedules';
import { mistake } from '../config/mistake.js';

/** The length over which a schedule is shown. */
export interface Length {
  readonly steps: number;
  /** For schedules that count epochs. */
  readonly stepsPerEpoch?: number;
}

/** The values of a schedule at every update, or the numbers over progress from which an adaptive temperature starts. */
export type ScheduleCurve = { readonly values: readonly number[] } | { readonly numbers: Readonly<Record<string, readonly number[]>> };

/**
 * One schedule at every update. An adaptive temperature is shown as it begins, in its first state; one that depends on the batch
 * or is learned has no value of its own, and is shown by the numbers it takes over progress (its base or strength).
 * @throws TemperError `config/invalid` for a temperature that has neither.
 */
export function scheduleCurve(kit: Kit, config: unknown, { steps, ...length }: Length): ScheduleCurve {
  const schedule = asTemperature(kit.build('temperature', config, ['schedule']));
  const numbers = sample(schedule, steps, length);
  const { value } = numbers;
  if (schedule.temperature === undefined && value !== undefined) return { values: value };
  if (Object.keys(numbers).length > 0) return { numbers };
  throw mistake('has no value over progress: it depends on the batch or is learned', { path: 'schedule' });
}
