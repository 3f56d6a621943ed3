import type * as tf from '@tensorflow/tfjs-core';
import type { DataSet } from '../contracts/data.js';
import type { Network, Penalty } from '../contracts/network.js';
import type { OptimizerState } from '../contracts/optimizer.js';
import type { Scalars } from '../contracts/schedule.js';
import { TemperError } from '../errors.js';
import type { Json } from '../json.js';
import { formatPath } from '../kit/issues.js';
import type { StagePlan } from '../kit/stage-plan.js';
import type { Progress } from '../progress.js';
import { named } from './blame.js';
import type { LengthInSteps } from './length.js';
import type { StageServices } from './services.js';
import { tapsOf } from './step.js';
import { prefixed, type LearnedVariables, type MovingAverage, type StepParts } from './terms.js';
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

export const noCommonTaps = ({ losses }: StagePlan, taps: readonly string[]): TemperError =>
  new TemperError({
    code: 'config/invalid',
    path: formatPath(losses.path),
    message: `asks for intermediate outputs (${taps.join(', ')}) of an ensemble, whose teachers have none in common`,
    hint: 'Take one teacher for losses on intermediate outputs.',
  });

/** Names of the graph sides in force at an update. */
export function graphKeysAt({ temperature, weighting }: StageServices, at: Progress): StepParts['graphKeys'] {
  const [own, weights] = [temperature.graphKey?.(at), weighting.graphKey?.(at)];
  return { ...(own === undefined ? {} : { temperature: own }), ...(weights === undefined ? {} : { weighting: weights }) };
}

/** All host numbers of an update, under the names by which the step reads them. */
export function scalarsAt({ services, plan }: Pick<Stage, 'services' | 'plan'>, at: Progress, states: { readonly temperature: Json; readonly weighting: Json }): Scalars {
  const { temperature, weighting, losses, optimizer } = services;
  const scalars: Record<string, number> = {
    ...prefixed('temperature', named('temperature', () => temperature.scalars(at, states.temperature))),
    ...prefixed('weighting', named('weighting', () => weighting.scalars(at, states.weighting, Object.keys(losses)))),
    learningRate: named('optimizer.learningRate', () => optimizer.learningRate(at)),
  };
  for (const [name, loss] of Object.entries(losses)) {
    if (loss.scalars !== undefined) Object.assign(scalars, prefixed(`losses.${name}`, named(`losses.${name}`, () => loss.scalars?.(at) ?? {})));
  }
  for (const [name, value] of Object.entries(scalars)) {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw notUsable(name, value, at, plan, 'a finite number');
  }
  const value = scalars['temperature.value'];
  if (temperature.temperature === undefined && value !== undefined && value <= 0) throw notUsable('temperature', value, at, plan, 'above 0');
  return scalars;
}

const notUsable = (name: string, value: unknown, at: Progress, plan: StagePlan, allowed: string): TemperError =>
  new TemperError({
    code: 'config/invalid',
    path: name,
    message: `must be ${allowed} at every update, got ${String(value)} at step ${at.step} of ${at.total} in stage "${plan.name}"`,
    hint: 'Preview the schedule before training to see all its values.',
  });
