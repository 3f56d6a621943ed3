import type { Schedule } from './contracts/schedule.js';
import { TemperError } from './errors.js';

/** The allowed values of a schedule, and its path in the options of its strategy. */
export interface ScheduleRange {
  readonly path: string;
  readonly min: number;
  /** Default: no upper limit. */
  readonly max?: number;
}

// Long enough for schedules that count in steps or epochs to reach every part.
const total = 1_000_000;

/**
 * Returns the same schedule with a check of its range: a start or end outside is refused at once, a value between them at its step.
 * @throws TemperError `config/invalid` with the path, the value and the step.
 * @example scheduleWithin(() => 0.1, { path: 'learningRate', min: 0 })({ step: 0, total: 10 }) // 0.1
 */
export function scheduleWithin(schedule: Schedule, { path, min, max = Infinity }: ScheduleRange): Schedule {
  const allowed = max === Infinity ? `at least ${min}` : `from ${min} to ${max}`;
  const checked: Schedule = (at) => {
    const value = schedule(at);
    if (Number.isFinite(value) && value >= min && value <= max) return value;
    throw new TemperError({
      code: 'config/invalid',
      path,
      message: `must be a finite number ${allowed} at every step, got ${value} at step ${at.step} of ${at.total}`,
    });
  };
  for (const step of [0, total - 1]) checked({ step, total, stepsPerEpoch: 1000, run: { step, total, stepsPerEpoch: 1000 } });
  return checked;
}
