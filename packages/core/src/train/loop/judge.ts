import type { StopReport } from '../../contracts/events.js';
import type { Metric } from '../../contracts/metric.js';
import type { Metrics } from '../../contracts/schedule.js';
import type { StopRule } from '../../kit/run-config.js';
import { formatPath } from '../../path.js';
import { stepsOf } from '../../kit/stage-plan.js';
import { endOf, scheduleStep } from './finish.js';
import type { FitState } from './fit-state.js';
import type { TrainedNetwork } from '../plan/trained-network.js';
import type { ReadyStage } from '../plan/ready-stage.js';
import { progressAt } from '../plan/length.js';
import { scalarsAt } from '../step/scalars.js';
import { reasonToStop, remember, type StopMemory } from './stop-rule.js';

/** The parts of the training that a stop rule depends on. */
export interface Judged {
  readonly trained: TrainedNetwork;
  readonly stages: readonly ReadyStage[];
}

/**
 * Decides after an evaluation whether the stage or the training ends, and writes the decision into `state`. Returns the report of the
 * end; undefined if training continues as planned.
 */
export function judge(
  { trained, stages }: Judged,
  state: FitState,
  validation: Metrics,
  metrics: readonly Metric[],
): StopReport | undefined {
  const betterOf = ({ metric }: StopRule): 'max' | 'min' | undefined => metrics.find(({ name }) => name === metric)?.better;
  const ready = stages[state.stage] as ReadyStage;
  const { plan, length } = ready;
  const { earlyStopping } = trained.training;
  // The end is fixed already and cannot come sooner.
  if (state.finish !== null || state.last === null) return undefined;
  const local = state.epoch * length.perEpoch + state.update;
  const left = endOf(length, null) - local;
  const later = stages.slice(state.stage + 1).map((stage) => stage.plan.name);
  if (plan.until !== undefined) state.stop.until = remember(plan.until, state.stop.until, validation, state.last, betterOf(plan.until));
  if (earlyStopping !== undefined)
    state.stop.early = remember(earlyStopping, state.stop.early, validation, state.last, betterOf(earlyStopping));

  const early = earlyStopping === undefined ? undefined : reasonToStop(earlyStopping, state.stop.early, validation);
  if (earlyStopping !== undefined && early !== undefined) {
    state.stoppedBy.early = earlyStopping;
    const { finishSchedule } = earlyStopping;
    const finishIn = finishSchedule === undefined ? 0 : Math.min(left, stepsOf({ length: finishSchedule }, length.perEpoch));
    if (finishIn > 0) state.finish = { from: local, steps: finishIn };
    else state.stopped = true;
    if (left === 0 && later.length === 0) return undefined;
    return reported(early, formatPath([...trained.path, 'earlyStopping']), state.stop.early as StopMemory, { finishIn, skipped: later });
  }
  const until = plan.until === undefined ? undefined : reasonToStop(plan.until, state.stop.until, validation);
  if (plan.until === undefined || until === undefined) return undefined;
  state.stoppedBy.until = plan.until;
  state.stageDone = true;
  return left === 0
    ? undefined
    : reported(until, formatPath([...plan.path, 'until']), state.stop.until as StopMemory, { finishIn: 0, skipped: [] });

  function reported(
    reason: string,
    rule: string,
    memory: StopMemory,
    { finishIn, skipped }: { finishIn: number; skipped: readonly string[] },
  ): StopReport {
    const { metric, best, epoch, step } = memory;
    return {
      network: trained.name,
      stage: plan.name,
      rule,
      reason,
      metric,
      value: validation[metric] as number,
      best: { value: best, epoch, step },
      epoch: state.last?.epoch ?? 0,
      step: state.updates,
      stageStep: local,
      stageSteps: length.steps,
      schedules: left === 0 ? [] : schedulesAt(ready, state, local),
      ...(finishIn === 0 ? {} : { finishIn }),
      skipped,
    };
  }
}

/** A smaller relative change is a rounding error. */
const relative = 1e-9;

/** Returns the schedules of a stage that have not finished after this many updates. */
function schedulesAt(ready: ReadyStage, state: FitState, done: number): StopReport['schedules'] {
  const { length } = ready;
  const at = (step: number) => scalarsAt(ready, progressAt(length, step), state.strategies);
  const [start, now, end] = [at(0), at(scheduleStep(length, null, Math.max(0, done - 1))), at(length.steps - 1)];
  return Object.keys(now).flatMap((name) => {
    const [from, reached, to] = [start[name] ?? NaN, now[name] as number, end[name] ?? NaN];
    const differs = Math.abs(reached - to) > relative * Math.max(Math.abs(reached), Math.abs(to));
    return differs ? [{ name: pathOf(name), from, reached, to }] : [];
  });
}

/** Converts the name of a host number to its path in the config. */
const pathOf = (name: string): string =>
  name === 'learningRate' ? 'optimizer.learningRate' : name.replace(/(^|\.)temperature\.value$/, '$1temperature');

/**
 * Checks an end again that a run had reached, when it is resumed with another rule. Returns false if the new rule ends the run at once as
 * well.
 */
export function reconsider({ trained, stages }: Judged, state: FitState): boolean {
  const { earlyStopping } = trained.training;
  const until = stages[state.stage]?.plan.until;
  const metrics = state.last?.validation ?? {};
  const changed = (before: unknown, now: unknown): boolean => before !== null && JSON.stringify(before) !== JSON.stringify(now ?? null);
  const earlyChanged = (state.stopped || state.finish !== null) && changed(state.stoppedBy.early, earlyStopping);
  const untilChanged = state.stageDone && !state.stopped && changed(state.stoppedBy.until, until);
  if (earlyChanged) {
    if (earlyStopping !== undefined && state.stopped && reasonToStop(earlyStopping, state.stop.early, metrics) !== undefined) return false;
    Object.assign(state, { stopped: false, finish: null, stageDone: false });
    state.stops = state.stops.filter(({ rule }) => rule !== formatPath([...trained.path, 'earlyStopping']));
  }
  if (untilChanged) state.stageDone = until !== undefined && reasonToStop(until, state.stop.until, metrics) !== undefined;
  // The report of this end is the last one.
  if (untilChanged && !state.stageDone) state.stops = state.stops.slice(0, -1);
  return true;
}
