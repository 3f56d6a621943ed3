import type { Progress } from '@temper/core';

/** Progress inside a part: its own step and total; the length of an epoch and the run stay the same. */
export function localProgress(at: Progress, step: number, total: number): Progress {
  const run = at.run ?? at;
  return at.stepsPerEpoch === undefined ? { step, total, run } : { step, total, stepsPerEpoch: at.stepsPerEpoch, run };
}

/** The same progress, clipped to the last update: past the end a schedule keeps its last value. */
export function withinTotal(at: Progress): Progress {
  const past = at.step - (at.total - 1);
  if (past <= 0) return at;
  return at.run === undefined ? { ...at, step: at.total - 1 } : { ...at, step: at.total - 1, run: { ...at.run, step: at.run.step - past } };
}
