import { stepsOf, type StagePlan } from '../../kit/stage-plan.js';
import type { Progress } from '../../progress.js';
import type { LengthInSteps, StageContext } from '../../contracts/stage.js';
import { stepsPerEpoch } from '../../data/sampler.js';

/** Returns the lengths of all stages, each over its own data. */
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

/** Returns the progress at an update of a stage: that of the stage, with that of the run in `run`. */
export const progressAt = ({ perEpoch, steps, before, total }: LengthInSteps, step: number): Progress => ({
  step,
  total: steps,
  stepsPerEpoch: perEpoch,
  run: { step: before + step, total, stepsPerEpoch: perEpoch },
});

/** Returns the view of a stage for the strategies that are created for it. */
export const stageContext = (plan: StagePlan, length: LengthInSteps, network: string): StageContext => ({
  name: plan.name,
  index: plan.index,
  network,
  losses: Object.keys(plan.losses),
  batchSize: plan.batchSize,
  length,
  progressAt: (step) => progressAt(length, step),
});

/** Returns evenly spread updates including the first and the last; all updates where they are few. */
export function spreadSteps(steps: number, most: number): number[] {
  const count = Math.min(steps, most);
  return Array.from({ length: count }, (_, i) => (count === 1 ? 0 : Math.round((i / (count - 1)) * (steps - 1))));
}
