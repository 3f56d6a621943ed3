import { asTemperature, TemperError, type Progress, type Schedule, type TemperatureSchedule } from '@temper/core';

/** Options of `sample`. */
export interface SampleOptions {
  /** For schedules that count epochs. */
  readonly stepsPerEpoch?: number;
}

/**
 * The values of a schedule at every update of a run with one stage, by name: `value` for a plain schedule and for a
 * temperature that follows metrics; the base or strength that an adaptive temperature takes over progress. A policy with a state is
 * evaluated in its initial state.
 * @param steps Updates in all, from 1 to 10 million.
 * @throws TemperError `config/invalid` for another number of steps, and the errors of the schedule itself.
 * @example sample(linear({ from: 20, to: 1 }), 5) // { value: [20, 15.25, 10.5, 5.75, 1] }
 */
export function sample(
  schedule: Schedule | TemperatureSchedule,
  steps: number,
  { stepsPerEpoch }: SampleOptions = {},
): Record<string, number[]> {
  if (!Number.isInteger(steps) || steps < 1 || steps > 1e7) {
    throw new TemperError({ code: 'config/invalid', path: 'steps', message: `must be a whole number from 1 to 10000000, got ${steps}` });
  }
  const temperature = asTemperature(schedule);
  const state = temperature.state?.initial ?? null;
  const values: Record<string, number[]> = {};
  for (let step = 0; step < steps; step++) {
    const at: Progress = stepsPerEpoch === undefined ? { step, total: steps } : { step, total: steps, stepsPerEpoch };
    for (const [name, value] of Object.entries(temperature.scalars(at, state))) {
      // A part of a sequence begins later: before it there is no number.
      const series = (values[name] ??= new Array<number>(step).fill(Number.NaN));
      while (series.length < step) series.push(Number.NaN);
      series.push(value);
    }
  }
  for (const series of Object.values(values)) while (series.length < steps) series.push(Number.NaN);
  return values;
}
