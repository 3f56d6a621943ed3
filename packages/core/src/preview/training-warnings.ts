import { TemperError } from '../errors.js';
import type { Json } from '../json.js';
import type { Kit } from '../kit/kit.js';
import type { TrainingConfig } from '../kit/run-config.js';
import type { StagePlan } from '../kit/stage-plan.js';
import type { LengthInSteps } from '../contracts/stage.js';
import type { TemperatureSchedule } from '../contracts/schedule.js';
import type { Path } from '../path.js';
import { unreachable, unreachablePatience } from '../train/plan/check-reach.js';
import { checkTemperature } from '../train/plan/check-temperature.js';
import { progressAt } from '../train/plan/length.js';

/** A stage with its length and its temperature. */
export interface PreviewedStage {
  readonly plan: StagePlan;
  readonly length: LengthInSteps;
  readonly strategies: { readonly temperature: TemperatureSchedule };
}

interface PreviewedTraining {
  readonly config: TrainingConfig;
  readonly path: Path;
  readonly stages: readonly PreviewedStage[];
}

/** Returns the problems that a training would refuse or warn about. `isKnown`: whether the lengths are those of the data. */
export function warningsOf(kit: Kit, { config, path, stages }: PreviewedTraining, isKnown: boolean): string[] {
  return [
    ...(isKnown ? unreachablePatience(config.earlyStopping, path, stages) : []),
    ...stages.flatMap(({ plan, length, strategies }) => [
      ...refusalOf(kit, plan, length, strategies, stages.length),
      ...(isKnown ? unreachable(plan, length) : []),
    ]),
  ];
}

function refusalOf(
  kit: Kit,
  { temperature: config, paths: { temperature: path } }: StagePlan,
  length: LengthInSteps,
  { temperature }: PreviewedStage['strategies'],
  stages: number,
): string[] {
  try {
    const source = { config, build: (changed: Json) => kit.build('temperature', changed, path) };
    checkTemperature(temperature, progressAt(length, 0), path, source, stages);
    return [];
  } catch (error) {
    if (error instanceof TemperError) return [error.message];
    throw error;
  }
}
