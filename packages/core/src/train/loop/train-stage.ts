import type { StepsEvent } from '../../contracts/events.js';
import type { Metrics } from '../../contracts/schedule.js';
import type { Every } from '../../kit/run-config.js';
import type { BatchSource } from './batches.js';
import type { Progress } from '../../progress.js';
import { named } from '../../kit/blame.js';
import { directionsOf } from '../../metrics/names.js';
import { createFiniteCheck } from './finite-check.js';
import { endOf, scheduleStep } from './finish.js';
import { addSeen, meansOf, type FitState } from './fit-state.js';
import { makeUpdate } from './make-update.js';
import { createReadback, type StepReport } from './readback.js';
import { batchesOf } from '../../data/sampler.js';
import { createBreather, isStopping, throwIfStopped, type Session } from './session.js';
import { progressAt } from '../plan/length.js';
import type { Stage } from './stage.js';
import { createStepCache } from './step-cache.js';
import { nest } from '../step/scope.js';
import { reactorsOf, stateAt, withState } from '../step/strategies.js';

/** Called by the training of a network between the updates of its stages. */
export interface StageHooks {
  /** Evaluates on the validation data and returns whether the stage ends. */
  evaluate(): Promise<{ readonly validation: Metrics; readonly stop: boolean }>;
  epochDone(): void;
  /** Saves the current state; with `whole` it waits until everything is written to disk. */
  save(whole?: boolean): Promise<void>;
  /** Describes what to do after a stop. */
  afterStop(): string;
  /** How often checkpoints are saved. */
  readonly saveEvery: Every;
}

/** The time of a stage in milliseconds: inside steps, and in the loop as a whole without evaluations. */
export interface StageTiming {
  steps: number;
  loop: number;
}

/** How often an epoch reads the reports of its updates from the device. */
const readsPerEpoch = 10;

/** Runs the updates of a stage from the position in `state`; at every checkpoint `state` agrees with the work that was done. */
export async function trainStage(
  stage: Stage,
  state: FitState,
  source: BatchSource,
  hooks: StageHooks,
  session: Session,
): Promise<StageTiming> {
  const { clock, events, random, controls } = session;
  const { plan, length } = stage;
  const readEvery = Math.max(1, Math.ceil(length.perEpoch / readsPerEpoch));
  const readback = createReadback();
  const given = await source.ofStage(stage);
  const steps = createStepCache(stage, given.samples, session);
  const breathe = createBreather(clock);
  const timing = { steps: 0, loop: 0 };
  const parts = { stage, steps, given, timing, session };
  const finite = createFiniteCheck(parts, state);
  const local = (): number => state.epoch * length.perEpoch + state.update;
  const next = (): Progress => progressAt(length, scheduleStep(length, state.finish, local()));
  if (local() === 0)
    await events.emit({ type: 'stage-start', stage: plan.name, index: plan.index, steps: length.steps, epochs: length.epochs });
  try {
    await finite.check();
    while (local() < endOf(length, state.finish) && !state.stageDone) {
      const batches = batchesOf(random, state.epochs, stage.data.size, plan.batchSize);
      // Computed again after every evaluation: it may move the end of the stage forward.
      const updates = (): number => Math.min(length.perEpoch, endOf(length, state.finish) - state.epoch * length.perEpoch);
      if (state.update === 0) await events.emit({ type: 'epoch-start', stage: plan.name, epoch: state.epochs + 1, step: state.updates });
      const epochStart = clock.now();
      let stretchStart = epochStart;
      let asked = nothingAsked;
      const report = async (): Promise<void> => {
        const reports = await readback.read();
        if (reports.length === 0) return;
        await finite.checkReports(reports);
        reports.forEach(({ numbers }) => addSeen(state.seen, numbers));
        await events.emit(stretch(stage, state, reports, clock.now() - stretchStart));
        stretchStart = clock.now();
      };
      while (state.update < updates() && !state.stageDone) {
        const updateStart = clock.now();
        if (isStopping(session)) {
          await report();
          await finite.check();
          await hooks.save(true);
        }
        throwIfStopped(session, `in stage "${plan.name}", after update ${state.updates} of ${length.total}`, hooks.afterStop());
        await makeUpdate(parts, state, batches, readback);
        state.update += 1;
        state.updates += 1;
        const isLast = state.update === updates();
        const due = { evaluate: isDue(plan.evaluateEvery, 'steps', state.updates), save: isDue(hooks.saveEvery, 'steps', state.updates) };
        asked = either(due, controls.take());
        if (isLast || asked.evaluate || asked.save || state.update % readEvery === 0 || steps.changesAt(next())) await report();
        // A reporter may request it in response to this update.
        asked = either(asked, controls.take());
        // Work that is due after the last update of an epoch waits until the epoch is counted.
        const [evaluates, saves] = [!isLast && asked.evaluate, !isLast && asked.save];
        await breathe();
        timing.loop += clock.now() - updateStart;
        if (evaluates || saves) await finite.check();
        if (evaluates) await evaluateAndObserve(stage, state, hooks, session);
        if (saves || state.stageDone) await hooks.save();
      }
      if (state.update === updates()) {
        await events.emit({
          type: 'epoch-end',
          stage: plan.name,
          epoch: state.epochs + 1,
          step: state.updates,
          seconds: (clock.now() - epochStart) / 1000,
        });
        state.epoch += 1;
        state.epochs += 1;
        state.update = 0;
        hooks.epochDone();
        const ends = local() >= endOf(length, state.finish);
        const evaluates = ends || asked.evaluate || isDue(plan.evaluateEvery, 'epochs', state.epochs);
        const saves = ends || asked.save || isDue(hooks.saveEvery, 'epochs', state.epochs);
        if (evaluates || saves) await finite.check();
        if (evaluates) await evaluateAndObserve(stage, state, hooks, session);
        if (saves || state.stageDone) await hooks.save();
      }
    }
  } finally {
    finite.dispose();
    readback.dispose();
    steps.dispose();
  }
  await events.emit({ type: 'stage-end', stage: plan.name, index: plan.index });
  return timing;
}

type Asked = ReturnType<Session['controls']['take']>;

const nothingAsked: Asked = { save: false, evaluate: false };
const either = (one: Asked, other: Asked): Asked => ({ save: one.save || other.save, evaluate: one.evaluate || other.evaluate });

function isDue(every: Every, unit: 'epochs' | 'steps', count: number): boolean {
  const period = (every as Partial<Record<typeof unit, number>>)[unit];
  return period !== undefined && count % period === 0;
}

/** Returns the means over the updates since the last such event. */
function stretch({ plan, length, services }: Stage, state: FitState, reports: readonly StepReport[], ms: number): StepsEvent {
  const seen: FitState['seen'] = {};
  reports.forEach(({ numbers }) => addSeen(seen, numbers));
  const { loss = NaN, ...rest } = meansOf(seen);
  const last = reports[reports.length - 1] as StepReport;
  const isTerm = (name: string): boolean => name.startsWith('loss.');
  const pick = (wanted: boolean): [string, number][] => Object.entries(rest).filter(([name]) => isTerm(name) === wanted);
  // Losses that need no teacher do not use the temperature; reporting it would mislead.
  const softens = Object.values(services.losses).some(({ needs }) => needs?.includes('teacher') !== false);
  const scalars = Object.entries({ ...last.scalars, ...Object.fromEntries(pick(false)) });
  return {
    type: 'steps',
    stage: plan.name,
    epoch: state.epochs + 1,
    step: last.step + 1,
    totalSteps: length.total,
    stepsPerSecond: new Set(reports.map(({ step }) => step)).size / Math.max(ms / 1000, 1e-6),
    loss,
    losses: Object.fromEntries(pick(true).map(([name, value]) => [name.slice('loss.'.length), value])),
    scalars: Object.fromEntries(scalars.filter(([name]) => softens || !name.startsWith('temperature.'))),
  };
}

/**
 * Evaluates, and lets reactive strategies observe the reports since the last observation; numbers that they measure are listed under
 * their own names.
 */
async function evaluateAndObserve({ services, length }: Stage, state: FitState, hooks: StageHooks, { metrics }: Session): Promise<void> {
  const last = Math.max(0, state.epoch * length.perEpoch + state.update - 1);
  const at = progressAt(length, scheduleStep(length, state.finish, last));
  const { validation, stop } = await hooks.evaluate();
  const seen = { ...meansOf(state.seen), ...nest('validation', validation) };
  for (const { place, strategy } of reactorsOf(services)) {
    const reactive = strategy.state;
    if (reactive === undefined) continue;
    const own = `${place.join('.')}.measured.`;
    const mine = Object.entries(seen).filter(([name]) => name.startsWith(own) || !name.includes('.measured.'));
    const visible = Object.fromEntries(mine.map(([name, value]) => [name.startsWith(own) ? name.slice(own.length) : name, value]));
    const next = named(place, () => reactive.observe(stateAt(state.strategies, place), visible, at, directionsOf(metrics)));
    state.strategies = withState(state.strategies, place, next);
  }
  state.seen = {};
  state.stageDone = stop;
}
