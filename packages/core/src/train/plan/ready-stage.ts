import type { DataSet } from '../../contracts/data.js';
import type { StagePlan } from '../../kit/stage-plan.js';
import type { LengthInSteps } from '../../contracts/stage.js';
import type { StageServices } from '../step/strategies.js';
import type { Teacher } from './trained-network.js';

/** A stage of the config with its strategies and data, all of it checked. */
export interface ReadyStage {
  readonly plan: StagePlan;
  readonly teacher: Teacher | undefined;
  readonly services: StageServices;
  readonly data: DataSet;
  readonly length: LengthInSteps;
  /** Facts that the user should know before training. */
  readonly warnings: readonly string[];
}
