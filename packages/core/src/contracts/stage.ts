import type { Progress } from '../progress.js';

/** A stage counted in updates. */
export interface LengthInSteps {
  readonly perEpoch: number;
  readonly steps: number;
  readonly epochs: number;
  /** Planned updates before the stage and in the whole training, for progress over the run. */
  readonly before: number;
  readonly total: number;
}

/**
 * The stage that a strategy is made for, as `Tokens.Stage` gives it to a class plug-in or to a definition's `create`. It exists while a run
 * or a preview builds the strategies of its stages; a strategy that is built alone has none.
 * @example constructor(@inject(Tokens.Stage) private readonly stage: StageContext) {}
 */
export interface StageContext {
  readonly name: string;
  /** Its place among the stages of this training, from 0. */
  readonly index: number;
  /** The network that is trained: `student`, or the name of a teacher. */
  readonly network: string;
  /** Names of the losses. */
  readonly losses: readonly string[];
  readonly batchSize: number;
  /** Its planned length, in updates. */
  readonly length: LengthInSteps;
  /** Progress at an update of the stage, as schedules are given it. */
  progressAt(step: number): Progress;
}
