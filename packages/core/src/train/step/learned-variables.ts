import type * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '../../contracts/data.js';
import type { Network } from '../../contracts/network.js';
import type { VariableContext, Variables } from '../../contracts/schedule.js';
import type { Path } from '../../path.js';
import type { StagePlan } from '../../kit/stage-plan.js';
import type { Random } from '../../random.js';
import { named } from '../../kit/blame.js';
import type { LearnedVariables } from './parts.js';
import { tapShapes, tapsOf } from './run-networks.js';
import type { StageServices } from './strategies.js';
import { tidied } from './tidied.js';

interface Learner {
  readonly services: StageServices;
  readonly plan: StagePlan;
  readonly student: Network;
  /** The teacher, if it is a single network. */
  readonly teacher: Network | undefined;
  readonly sample: Batch;
  readonly classes: number;
  readonly random: Random;
}

/** Creates the variables that the strategies of a stage learn; the caller disposes them. */
export function learnedVariables({ services, plan, student, teacher, sample, classes, random }: Learner): LearnedVariables {
  const { temperature, weighting, losses } = services;
  const context: VariableContext = { classes, losses: Object.keys(losses), random };
  const shapes = {
    student: tapShapes(student, sample, tapsOf(losses, 'student')),
    teacher: tapShapes(teacher, sample, tapsOf(losses, 'teacher')),
  };
  const make = (path: Path, made: () => Variables | undefined): Variables => tidied(() => named(path, () => made() ?? {}));
  return {
    temperature: make(plan.paths.temperature, () => temperature.variables?.(context)),
    weighting: make(plan.paths.weighting, () => weighting.variables?.(context)),
    losses: Object.fromEntries(
      Object.entries(losses).map(([name, loss]) => [
        name,
        make([...plan.paths.losses, name], () => loss.variables?.({ ...context, tapShapes: shapes })),
      ]),
    ),
  };
}

/** Lists the variables that the strategies of a stage learn, in a stable order. */
export const learnedList = (learned: LearnedVariables): tf.Variable[] =>
  [learned.temperature, learned.weighting, ...Object.values(learned.losses)].flatMap((variables) => Object.values(variables));
