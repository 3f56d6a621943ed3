import { asTemperature, type Kit, type Progress } from '@temper/core';
import { mistake } from '../config/mistake.js';

/** How long a schedule is looked at. */
export interface Length {
  readonly steps: number;
  /** For schedules that count epochs. */
  readonly stepsPerEpoch?: number;
}

/**
 * Values of one schedule at every update. An adaptive temperature is shown as it begins, in its first state.
 * @throws TemperError `config/invalid` for a temperature that has no number of its own, since it depends on the batch.
 */
export function scheduleCurve(kit: Kit, config: unknown, { steps, stepsPerEpoch }: Length): number[] {
  const schedule = asTemperature(kit.build('temperature', config, ['schedule']));
  const state = schedule.state?.initial ?? null;
  return Array.from({ length: steps }, (_, step) => {
    const at: Progress = { step, total: steps, ...(stepsPerEpoch === undefined ? {} : { stepsPerEpoch }) };
    const numbers = schedule.scalars({ ...at, run: at }, state);
    if (numbers['value'] !== undefined && schedule.temperature === undefined) return numbers['value'];
    const others = Object.keys(numbers).join(', ') || 'none';
    throw mistake(`has no number of its own: it depends on the batch or is learned (its numbers over progress: ${others})`, {
      path: 'schedule',
      hint: 'Preview a config that uses it to see those numbers.',
    });
  });
}
