import type { LengthInSteps } from '../../contracts/stage.js';

/**
 * The end of a stage that was stopped early and lets its schedules finish: from update `from` of the stage on, the rest of the schedules
 * is compressed into `steps` updates. Plain JSON, saved with every checkpoint.
 */
export interface Finish {
  readonly from: number;
  readonly steps: number;
}

/** Returns the number of updates after which the stage ends, counted from its start. */
export const endOf = ({ steps }: LengthInSteps, finish: Finish | null): number => (finish === null ? steps : finish.from + finish.steps);

/** Returns the schedules' step at an update of the stage: the last update before the end gets exactly the last step. */
export function scheduleStep({ steps }: LengthInSteps, finish: Finish | null, update: number): number {
  if (finish === null || update < finish.from) return update;
  const done = (update + 1 - finish.from) / finish.steps;
  return Math.min(steps - 1, Math.round(finish.from - 1 + done * (steps - finish.from)));
}
