/** The position of an update in its stage (or, for `global` schedules, in the whole run). */
export interface Progress {
  /** Number of updates made so far, from 0. */
  readonly step: number;
  /** Number of updates in all, at least 1. */
  readonly total: number;
  /** Updates in one epoch, where training counts epochs. */
  readonly stepsPerEpoch?: number;
  /** The position in the whole run, if `step` and `total` are those of a stage or part; for `global` schedules. */
  readonly run?: Progress;
}

/**
 * Progress as a number: p = step / (total − 1), exactly 0 at the first update and exactly 1 at the last one.
 * A run of one update is at its end (p = 1), and past the end p stays 1.
 * @example progressOf({ step: 50, total: 101 }) // 0.5
 */
export function progressOf({ step, total }: Progress): number {
  if (step >= total - 1) return 1;
  return step <= 0 ? 0 : step / (total - 1);
}
