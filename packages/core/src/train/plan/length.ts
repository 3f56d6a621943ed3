import { stepsOf, type StagePlan } from '../../kit/stage-plan.js';
import type { Progress } from '../../progress.js';
import { stepsPerEpoch } from '../../data/sampler.js';

/** A stage counted in updates. */
export interface LengthInSteps {
  readonly perEpoch: number;
  readonly steps: number;
  readonly epochs: number;
  /** Planned updates before the stage and in the whole training, for progress over the run. */
  readonly before: number;
  readonly total: number;
}

/** Lengths of all stages, each over its own data. */
export function lengthsOf(stages: readonly { readonly plan: StagePlan; readonly size: number }[]): LengthInSteps[] {
  const counted = stages.map(({ plan, size }) => {
    const perEpoch = stepsPerEpoch(size, plan.batchSize * plan.accumulate);
    const steps = stepsOf(plan, perEpoch);
    return { perEpoch, steps, epochs: Math.ceil(steps / perEpoch) };
  });
  const total = counted.reduce((sum, { steps }) => sum + steps, 0);
  let before = 0;
  return counted.map((one) => {
    const length = { ...one, before, total };
    before += one.steps;
    return length;
  });
}

/** Progress at an update of a stage: local, with the run's beside it. */
export const progressAt = ({ perEpoch, steps, before, total }: LengthInSteps, step: number): Progress => ({
  step,
  total: steps,
  stepsPerEpoch: perEpoch,
  run: { step: before + step, total, stepsPerEpoch: perEpoch },
});
