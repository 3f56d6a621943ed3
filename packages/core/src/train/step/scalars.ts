import type { Scalars } from '../../contracts/schedule.js';
import { TemperError } from '../../errors.js';
import type { StagePlan } from '../../kit/stage-plan.js';
import type { Progress } from '../../progress.js';
import { named } from '../../kit/blame.js';
import type { StepParts } from './parts.js';
import { nest } from './scope.js';
import type { StageServices, StrategyStates } from './strategies.js';

/** The strategies of a stage, with their paths in the config. */
interface Given {
  readonly services: StageServices;
  readonly plan: StagePlan;
}

/** Returns the names of the graph parts that are active at an update. */
export function graphKeysAt({ temperature, weighting }: StageServices, at: Progress): StepParts['graphKeys'] {
  const [own, weights] = [temperature.graphKey?.(at), weighting.graphKey?.(at)];
  return { ...(own === undefined ? {} : { temperature: own }), ...(weights === undefined ? {} : { weighting: weights }) };
}

/** Computes all host numbers of an update, under the names by which the step reads them. */
export function scalarsAt({ services, plan }: Given, at: Progress, states: StrategyStates): Scalars {
  const { temperature, weighting, losses, optimizer } = services;
  const scalars: Record<string, number> = {
    ...nest(
      'temperature',
      named(['temperature'], () => temperature.scalars(at, states.temperature)),
    ),
    ...nest(
      'weighting',
      named(['weighting'], () => weighting.scalars(at, states.weighting, Object.keys(losses))),
    ),
    learningRate: named(['optimizer', 'learningRate'], () => optimizer.learningRate(at)),
  };
  for (const [name, loss] of Object.entries(losses)) {
    if (loss.scalars !== undefined)
      Object.assign(
        scalars,
        nest(
          `losses.${name}`,
          named(['losses', name], () => loss.scalars?.(at, states.losses[name] ?? null) ?? {}),
        ),
      );
  }
  for (const [name, value] of Object.entries(scalars)) {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw notUsable(name, value, at, plan, 'a finite number');
  }
  const value = scalars['temperature.value'];
  if (temperature.temperature === undefined && value !== undefined && value <= 0)
    throw notUsable('temperature', value, at, plan, 'above 0');
  return scalars;
}

const notUsable = (name: string, value: unknown, at: Progress, plan: StagePlan, allowed: string): TemperError =>
  new TemperError({
    code: 'config/invalid',
    path: name,
    message: `must be ${allowed} at every update, got ${String(value)} at step ${at.step} of ${at.total} in stage "${plan.name}"`,
    hint: 'Preview the schedule before training to see all its values.',
  });
