import type * as tf from '@tensorflow/tfjs-core';
import type { Network, Penalty } from '../../contracts/network.js';
import type { OptimizerState } from '../../contracts/optimizer.js';
import type { ReadyStage } from '../plan/ready-stage.js';
import type { LearnedVariables, MovingAverage } from '../step/parts.js';
import { noCommonTaps, tapsOf } from '../step/run-networks.js';
import type { TeacherView } from './teacher-view.js';

/** A stage while it is trained: the checked one, with its variables, and with what its teacher says of its data. */
export interface Stage extends Omit<ReadyStage, 'teacher' | 'warnings'> {
  readonly student: Network;
  readonly teacher: TeacherView | undefined;
  readonly optimizerState: OptimizerState;
  readonly variables: readonly tf.Variable[];
  readonly learned: LearnedVariables;
  /** The student's layers that are frozen completely, and the penalties on its trained layers. */
  readonly still: ReadonlySet<string>;
  readonly penalties: readonly Penalty[];
  readonly average: MovingAverage | undefined;
  readonly clipNorm: number | undefined;
}

/**
 * Returns the teacher that runs inside the step: if its logits are not available otherwise, or if its intermediate outputs are needed.
 */
export function teacherInside({ teacher, services, plan }: Stage, sampleLogits: tf.Tensor | undefined): Network | undefined {
  if (teacher === undefined) return undefined;
  const taps = tapsOf(services.losses, 'teacher');
  if (taps.length === 0) return sampleLogits === undefined ? teacher.inside : undefined;
  if (teacher.inside !== undefined) return teacher.inside;
  throw noCommonTaps(plan, taps);
}
