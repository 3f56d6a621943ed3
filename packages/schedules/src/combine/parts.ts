import type * as tf from '@tensorflow/tfjs-core';
import { TemperError, type Schedule, type Temperature, type TemperatureSchedule } from '@temper/core';

/** What an operator over temperatures combines. */
export type Part = Schedule | TemperatureSchedule;

export const isPlain = (part: Part): part is Schedule => typeof part === 'function';

/** Combines parts of which exactly one is active, and returns its value. */
export const first = <T>(values: readonly T[]): T => values[0] as T;

/** The temperature of one side; a single tensor is the temperature of both. */
export const sideOf = (temperature: Temperature, side: 'student' | 'teacher'): tf.Tensor =>
  'student' in temperature ? temperature[side] : temperature;

/** Lifts an operation on tensors to temperatures: once if no part distinguishes the sides, else once for each side. */
export function onEachSide(operation: (values: readonly tf.Tensor[]) => tf.Tensor): (temperatures: readonly Temperature[]) => Temperature {
  const on = (temperatures: readonly Temperature[], side: 'student' | 'teacher') => operation(temperatures.map((one) => sideOf(one, side)));
  return (temperatures) =>
    temperatures.some((one) => 'student' in one)
      ? { student: on(temperatures, 'student'), teacher: on(temperatures, 'teacher') }
      : on(temperatures, 'student');
}

/**
 * Returns a part as a plain schedule, for operators that cannot use adaptive temperatures.
 * @throws TemperError `config/invalid` with the reason.
 */
export function plainOnly(part: Part, operator: string, because: string): Schedule {
  if (isPlain(part)) return part;
  throw new TemperError({
    code: 'config/invalid',
    path: 'of',
    message: `is an adaptive temperature, which "${operator}" cannot use: ${because}`,
    hint:
      `Move "${operator}" inside: the options of an adaptive temperature that change over progress (base, strength) are ` +
      `schedules themselves.`,
  });
}
