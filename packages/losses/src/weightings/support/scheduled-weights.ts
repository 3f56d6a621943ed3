import type { LossWeighting, Progress, Scalars, WeightSchedule } from '@temper/core';

/** Weights that depend on progress alone: a function to call by hand, and the weighting that a run asks for. */
export function scheduledWeights(losses: readonly string[], weightsAt: (at: Progress) => Scalars): WeightSchedule & LossWeighting {
  return Object.assign((at: Progress) => weightsAt(at), { losses, scalars: weightsAt });
}
