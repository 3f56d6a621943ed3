import * as tf from '@tensorflow/tfjs-core';
import type { Container } from 'inversify';
import type { Batch, DataSplits } from '../contracts/data.js';
import type { Network } from '../contracts/network.js';
import type { OptimizerState } from '../contracts/optimizer.js';
import type { Metrics, VariableContext, Variables } from '../contracts/schedule.js';
import type { Json } from '../json.js';
import { formatPath } from '../kit/issues.js';
import type { Kit } from '../kit/kit.js';
import type { StagePlan } from '../kit/stage-plan.js';
import { named } from './blame.js';
import { tapShapes } from './check-network.js';
import { checkTemperature } from './check-temperature.js';
import { evaluate, type TeacherView } from './evaluate.js';
import { keepBest } from './keep-best.js';
import { stepsPerEpoch } from './sampler.js';
import { stageServices, type StageServices } from './services.js';
import type { Session } from './session.js';
import { tapsOf, trainedVariables, type LearnedVariables } from './step.js';
import { checkNeeds, checkWeights } from './strategies.js';
import { trainStage } from './train-stage.js';

/** A network to train through stages, and all that takes. */
export interface Fit {
  readonly network: Network;
  readonly splits: DataSplits;
  /** The teacher over the training and over the validation data. */
  readonly teacher?: { readonly train: TeacherView; readonly validation: TeacherView };
  readonly stages: readonly PlannedStage[];
  readonly batchSize: number;
  readonly keep: 'best' | 'last';
}

/** A stage of the config with its strategies built. */
export interface PlannedStage {
  readonly plan: StagePlan;
  readonly services: StageServices;
}

export interface FitResult {
  readonly steps: number;
  /** The epoch whose weights the network now has, numbered from 1. */
  readonly chosen: { readonly epoch: number; readonly validation: Metrics };
  /** Share of the training time that was not spent in steps. */
  readonly loopOverhead: number;
}

/** Builds the strategies of every stage and checks all that can be known before training. */
export function planStages(kit: Kit, container: Container, plans: readonly StagePlan[], hasTeacher: boolean, perEpoch: number): PlannedStage[] {
  const totalSteps = plans.reduce((sum, { epochs }) => sum + epochs * perEpoch, 0);
  let before = 0;
  return plans.map((plan) => {
    const services = stageServices(kit, container, plan);
    const total = plan.epochs * perEpoch;
    const run = { step: before, total: totalSteps, stepsPerEpoch: perEpoch };
    checkNeeds(services.losses, hasTeacher, formatPath(plan.losses.path));
    checkWeights(services.weighting, services.losses, { step: 0, total, stepsPerEpoch: perEpoch, run }, formatPath(plan.weighting.path));
    const source = { config: plan.temperature.config, build: (config: Json) => kit.build('temperature', config, plan.temperature.path, container) };
    checkTemperature(services.temperature, { total, stepsPerEpoch: perEpoch, run }, formatPath(plan.temperature.path), source);
    before += total;
    return { plan, services };
  });
}

/** Trains the network through its stages and leaves it with the weights that `keep` asks for. */
export async function fit({ network, splits, teacher, stages, batchSize, keep }: Fit, sample: Batch, session: Session): Promise<FitResult> {
  const perEpoch = stepsPerEpoch(splits.train.size, batchSize);
  const totalSteps = stages.reduce((sum, { plan }) => sum + plan.epochs * perEpoch, 0);
  const best = keep === 'best' ? keepBest(network) : undefined;
  const time = { steps: 0, loop: 0 };
  let position = { epoch: 0, step: 0, totalSteps };
  let last: { epoch: number; validation: Metrics } = { epoch: 0, validation: {} };
  let optimizer: KeptOptimizer | undefined;
  try {
    for (const { plan, services } of stages) {
      const learned = learnedVariables(services, network, teacher?.train.network, splits.train.classes, sample, session);
      optimizer = takeOptimizer(optimizer, plan, services, trainedVariables(network, learned));
      try {
        const timing = await trainStage(
          {
            ...services,
            name: plan.name,
            index: plan.index,
            epochs: plan.epochs,
            batchSize,
            data: splits.train,
            student: network,
            teacher: teacher?.train,
            optimizerState: optimizer.state,
            learned,
            position,
            evaluate: async (epoch, step) => {
              const validation = await evaluate(network, splits.validation, teacher?.validation, session);
              last = { epoch, validation };
              const isBest = best?.offer(epoch, validation) ?? false;
              await session.events.emit({ type: 'evaluation', stage: plan.name, epoch, step, split: 'validation', metrics: validation, best: isBest });
              return validation;
            },
          },
          session,
        );
        time.steps += timing.steps;
        time.loop += timing.loop;
      } finally {
        tf.dispose(trainedVariables(network, learned).slice(network.parameters.length));
      }
      position = { ...position, epoch: position.epoch + plan.epochs, step: position.step + plan.epochs * perEpoch };
    }
    best?.restore();
    return { steps: position.step, chosen: best?.best ?? last, loopOverhead: time.loop === 0 ? 0 : 1 - time.steps / time.loop };
  } finally {
    tf.dispose(optimizer?.state.variables ?? {});
    best?.dispose();
  }
}

interface KeptOptimizer {
  readonly key: string;
  readonly variables: readonly tf.Variable[];
  readonly state: OptimizerState;
}

/** Stages with the same optimizer go on with its state; another one, or other variables, begin afresh. */
function takeOptimizer(kept: KeptOptimizer | undefined, plan: StagePlan, { optimizer }: StageServices, variables: readonly tf.Variable[]): KeptOptimizer {
  const key = JSON.stringify(plan.optimizer.config);
  if (kept?.key === key && kept.variables.length === variables.length && kept.variables.every((variable, i) => variable === variables[i])) return kept;
  if (kept !== undefined) tf.dispose(kept.state.variables);
  return { key, variables, state: tidied(() => optimizer.init(variables)) };
}

/** Makes the variables that the strategies of a stage learn. */
function learnedVariables(
  { temperature, weighting, losses }: StageServices,
  student: Network,
  teacher: Network | undefined,
  classes: number,
  sample: Batch,
  { random }: Session,
): LearnedVariables {
  const context: VariableContext = { classes, losses: Object.keys(losses), random };
  const shapes = { student: tapShapes(student, sample, tapsOf(losses, 'student')), teacher: tapShapes(teacher, sample, tapsOf(losses, 'teacher')) };
  return {
    temperature: makeVariables('temperature', () => temperature.variables?.(context)),
    weighting: makeVariables('weighting', () => weighting.variables?.(context)),
    losses: Object.fromEntries(Object.entries(losses).map(([name, loss]) => [name, makeVariables(`losses.${name}`, () => loss.variables?.({ ...context, tapShapes: shapes }))])),
  };
}

const makeVariables = (path: string, make: () => Variables | undefined): Variables => tidied(() => named(path, () => make() ?? {}));

/** Variables survive a tidy; the values they were made from do not. */
function tidied<T>(make: () => T): T {
  let made: T | undefined;
  tf.tidy(() => {
    made = make();
  });
  return made as T;
}
