import type * as tf from '@tensorflow/tfjs-core';
import { TemperError, type Schedule, type Temperature, type TemperatureSchedule } from '@temper/core';

/** What an operator over temperatures combines. */
export type Part = Schedule | TemperatureSchedule;

export const isPlain = (part: Part): part is Schedule => typeof part === 'function';

/** The rule of operators of whose parts one is in force: its value is the value. */
export const first = <T>(values: readonly T[]): T => values[0] as T;

/** The temperature of one side; both have the same where it is one tensor. */
export const sideOf = (temperature: Temperature, side: 'student' | 'teacher'): tf.Tensor =>
  'student' in temperature ? temperature[side] : temperature;

/** Lifts an operation on tensors to temperatures: once where no part tells the sides apart, else once for each side. */
export function onEachSide(operation: (values: readonly tf.Tensor[]) => tf.Tensor): (temperatures: readonly Temperature[]) => Temperature {
  const on = (temperatures: readonly Temperature[], side: 'student' | 'teacher') => operation(temperatures.map((one) => sideOf(one, side)));
  return (temperatures) =>
    temperatures.some((one) => 'student' in one)
      ? { student: on(temperatures, 'student'), teacher: on(temperatures, 'teacher') }
      : on(temperatures, 'student');
}

/**
 * The part as a plain schedule, for operators that make none of an adaptive one.
 * @throws TemperError `config/invalid` with the reason.
 */
export function plainOnly(part: Part, operator: string, because: string): Schedule {
  if (isPlain(part)) return part;
  throw new TemperError({
    code: 'config/invalid',
    path: 'of',
    message: `is an adaptive temperature, of which "${operator}" makes no sense: ${because}`,
    hint:
      `Put "${operator}" inside: the numbers that an adaptive temperature takes over progress (its base or strength) are ` +
      `schedules themselves.`,
  });
}
