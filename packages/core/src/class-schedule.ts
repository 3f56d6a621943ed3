import type * as tfjs from '@tensorflow/tfjs-core';
import { tf } from '#libraries';
import type { ClassSchedule, TemperatureSchedule } from './contracts/schedule.js';
import { TemperError } from './errors.js';
import type { Progress } from './progress.js';

/**
 * Makes a temperature from a function of progress that gives one number for each class. Each number is a scalar of the step, so one
 * recording serves all updates.
 */
export const perClass = (schedule: ClassSchedule): TemperatureSchedule => ({
  scalars: (at) => Object.fromEntries(classValues(schedule, at).map((value, i) => [classScalar(i), value])),
  temperature: ({ scalars }) => {
    const values = Object.keys(scalars).map((_, i) => scalars[classScalar(i)] as tfjs.Scalar);
    return tf.expandDims(tf.stack(values), 0);
  },
});

const classScalar = (index: number): string => `class.${index}`;

function classValues(schedule: ClassSchedule, at: Progress): readonly number[] {
  const given: unknown = schedule(at);
  const values: readonly unknown[] = Array.isArray(given) ? given : [given];
  const wrong = values.findIndex((value) => typeof value !== 'number' || !(Math.fround(value) > 0 && Math.fround(value) < Infinity));
  if (wrong < 0 && values.length > 0) return values as readonly number[];
  const got = values.length === 0 ? 'an empty list' : `${String(values[wrong])} for class ${wrong}`;
  throw new TemperError({
    code: 'config/invalid',
    message: `must be a finite number above 0 for every class, got ${got} at step ${at.step} of ${at.total}`,
    hint: 'Return a list with one number for each class, in the order of the classes.',
  });
}
