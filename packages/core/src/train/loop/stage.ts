import type * as tf from '@tensorflow/tfjs-core';
import type { DataSet } from '../../contracts/data.js';
import type { Network, Penalty } from '../../contracts/network.js';
import type { OptimizerState } from '../../contracts/optimizer.js';
import type { StagePlan } from '../../kit/stage-plan.js';
import type { LengthInSteps } from '../../contracts/stage.js';
import type { LearnedVariables, MovingAverage } from '../step/parts.js';
import { noCommonTaps, tapsOf } from '../step/run-networks.js';
import type { StageServices } from '../step/strategies.js';
import type { TeacherView } from './teacher-view.js';

/** A stretch of training with everything it needs. */
export interface Stage {
  readonly plan: StagePlan;
  readonly services: StageServices;
  readonly length: LengthInSteps;
  readonly data: DataSet;
  readonly student: Network;
  readonly teacher: TeacherView | undefined;
  readonly optimizerState: OptimizerState;
  readonly variables: readonly tf.Variable[];
  readonly learned: LearnedVariables;
  /** The student's layers that are frozen as a whole, and the penalties on those that are trained. */
  readonly still: ReadonlySet<string>;
  readonly penalties: readonly Penalty[];
  readonly average: MovingAverage | undefined;
  readonly clipNorm: number | undefined;
}

/** The teacher runs inside the step where its logits come from nowhere else, or its intermediate outputs are asked for. */
export function teacherInside({ teacher, services, plan }: Stage, sampleLogits: tf.Tensor | undefined): Network | undefined {
  if (teacher === undefined) return undefined;
  const taps = tapsOf(services.losses, 'teacher');
  if (taps.length === 0) return sampleLogits === undefined ? teacher.inside : undefined;
  if (teacher.inside !== undefined) return teacher.inside;
  throw noCommonTaps(plan, taps);
}
