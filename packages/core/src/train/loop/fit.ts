import * as tf from '@tensorflow/tfjs-core';
import type { HostArray } from '../../contracts/checkpoint.js';
import type { Batch, DataSplits } from '../../contracts/data.js';
import type { StopReport } from '../../contracts/events.js';
import type { Metrics } from '../../contracts/schedule.js';
import type { Every, TrainingConfig } from '../../kit/run-config.js';
import { assignFrom, fromHost, networkVariables } from './arrays.js';
import { batchSource } from './batches.js';
import { placed } from '../../kit/blame.js';
import { evaluate } from './evaluate.js';
import { startOfFit, type Evaluation, type FitState } from './fit-state.js';
import { trainedOf } from '../plan/frozen.js';
import { choiceOf, isBetter } from '../../metrics/choice.js';
import { measuredBy } from '../../metrics/names.js';
import { keepBest, type BestWeights } from './keep-best.js';
import { learnedVariables, learnedList } from '../step/learned-variables.js';
import { movingAverage, useAverage, withAverage } from '../step/moving-average.js';
import type { Teacher, TrainedNetwork } from '../plan/trained-network.js';
import { checkMetrics } from './non-finite.js';
import { takeOptimizer, type KeptOptimizer } from '../step/optimizer-state.js';
import type { ReadyStage } from '../plan/ready-stage.js';
import type { Session } from './session.js';
import { takeMissedSnapshots, takeSnapshots } from './snapshots.js';
import { judge, reconsider } from './judge.js';
import { stateOf } from '../step/strategies.js';
import type { TeacherView } from './teacher-view.js';
import type { LearnedVariables, MovingAverage } from '../step/parts.js';
import { trainStage } from './train-stage.js';

/** A network to train, with everything that its training needs. */
export interface Fit {
  readonly trained: TrainedNetwork;
  readonly stages: readonly ReadyStage[];
  readonly splits: DataSplits;
  readonly sample: Batch;
  /** Returns a teacher's logits over the data of a stage, or over the validation data. */
  readonly view: (teacher: Teacher, data: DataSplits['train'], name: string) => Promise<TeacherView>;
  readonly saving: Saving;
}

/** Saves the training of a network. */
export interface Saving {
  readonly every: Every;
  /** Describes the outcome of the last save, for a user who has stopped the run. */
  afterStop(): string;
  /** Saves the training; with `whole` it waits until everything is written. */
  save(state: FitState, tensors: Readonly<Record<string, tf.Tensor>>, whole?: boolean): Promise<void>;
}

/** The saved state of a training that continues. */
export interface SavedFit {
  readonly state: FitState;
  readonly arrays: Readonly<Record<string, HostArray>>;
}

export interface FitResult {
  readonly updates: number;
  /** The evaluation of the weights that the network now has. */
  readonly chosen: Evaluation;
  /** Share of the training time that was not spent in steps. */
  readonly loopOverhead: number;
  /** Reports of stages, or of the training, that ended before their length was over. */
  readonly stops: readonly StopReport[];
}

/**
 * Trains the network through its stages, from the start or from a saved state. At the end the network has the weights that `keep`
 * selects.
 */
export async function fit(given: Fit, saved: SavedFit | undefined, session: Session): Promise<FitResult> {
  const { trained, stages } = given;
  const { network, training } = trained;
  // A checkpoint of an earlier version lacks fields that were added later.
  const state: FitState = { ...startOfFit(), ...saved?.state };
  endShorterEpoch(state, stages[state.stage]);
  if (saved !== undefined && !reconsider({ trained, stages }, state)) {
    await session.events.warn(
      `the stop rule of the config ends the training of "${trained.name}" at update ${state.updates}, where it stopped before: ` +
        `nothing more is trained`,
    );
  }
  const average = training.ema === undefined ? undefined : movingAverage(network, training.ema);
  const measured = measuredBy(
    session.metrics,
    stages.every(({ teacher }) => teacher !== undefined),
  );
  const best = training.keep === 'last' ? undefined : keepBest(network, choiceOf(training.keep, measured));
  const batches = batchSource(session);
  const time = { steps: 0, loop: 0 };
  let optimizer: KeptOptimizer | undefined;
  let restore = saved;
  try {
    // A training that early stopping had ended still gets its saved tensors back.
    while (state.stage < stages.length && (!state.stopped || restore !== undefined)) {
      const ready = stages[state.stage] as ReadyStage;
      const { plan, services, data } = ready;
      const [teacher, validationTeacher] = await viewsOf(given, ready);
      const learned = learnedVariables({
        services,
        plan,
        student: network,
        teacher: teacher?.inside,
        sample: given.sample,
        classes: given.splits.train.classes,
        random: session.random,
      });
      const { parameters, still, penalties } = trainedOf(network, plan);
      const variables = [...parameters, ...learnedList(learned)];
      optimizer = takeOptimizer(optimizer, plan, services, variables);
      const tensors = tensorsOf(trained, optimizer, learned, average);
      const save = (whole?: boolean): Promise<void> => given.saving.save(state, { ...tensors, ...bestTensors(best) }, whole);
      if (restore === undefined && state.epoch === 0 && state.update === 0) {
        state.strategies = { temperature: stateOf(services.temperature), weighting: stateOf(services.weighting) };
        state.stop.until = null;
      }
      if (restore !== undefined) restoreAll(restore.arrays, tensors, best);
      restore = undefined;
      try {
        const timing = await trainStage(
          {
            plan,
            services,
            length: ready.length,
            data,
            student: network,
            teacher,
            optimizerState: optimizer.state,
            variables,
            learned,
            still,
            penalties,
            average,
            clipNorm: training.clipNorm,
          },
          state,
          batches,
          {
            saveEvery: given.saving.every,
            afterStop: () => given.saving.afterStop(),
            save,
            epochDone: () => takeSnapshots(trained, state.epochs),
            evaluate: () => evaluateNow(given, ready, state, validationTeacher, average, best, session),
          },
          session,
        ).catch((error: unknown) => Promise.reject(placed(error, plan)));
        time.steps += timing.steps;
        time.loop += timing.loop;
      } finally {
        tf.dispose(learnedList(learned));
      }
      endStage(state);
    }
    await takeMissedSnapshots(trained, state.epochs, session);
    if (best !== undefined) best.restore();
    else if (average !== undefined) useAverage(network, average);
    return {
      updates: state.updates,
      stops: state.stops,
      chosen: chosenOf(training, state),
      loopOverhead: time.loop === 0 ? 0 : 1 - time.steps / time.loop,
    };
  } finally {
    tf.dispose([...Object.values(optimizer?.state.variables ?? {}), ...(average?.shadows ?? [])]);
    best?.dispose();
    await batches.dispose();
  }
}

/** Ends an epoch that is shorter than the saved position, because the user allowed a resume with fewer samples. */
function endShorterEpoch(state: FitState, ready: ReadyStage | undefined): void {
  if (ready === undefined || state.update < ready.length.perEpoch) return;
  state.epoch += 1;
  state.epochs += 1;
  state.update = 0;
}

/** Moves the position past a stage. After a stage that ended within an epoch, the next epoch has another order. */
function endStage(state: FitState): void {
  // The schedules of the stage have finished, which was all that was left to do.
  if (state.finish !== null) state.stopped = true;
  state.finish = null;
  if (state.update > 0) state.epochs += 1;
  state.stage += 1;
  state.epoch = 0;
  state.update = 0;
  state.stageDone = false;
  state.seen = {};
}

const chosenOf = ({ keep }: TrainingConfig, { best, last }: FitState): Evaluation =>
  (keep === 'last' ? last : best) ?? { epoch: 0, step: 0, validation: {} };

async function viewsOf({ view, splits }: Fit, { teacher, data }: ReadyStage): Promise<[TeacherView | undefined, TeacherView | undefined]> {
  if (teacher === undefined) return [undefined, undefined];
  return [await view(teacher, data, 'training'), await view(teacher, splits.validation, 'validation')];
}

async function evaluateNow(
  { trained, stages, splits }: Fit,
  { plan }: ReadyStage,
  state: FitState,
  teacher: TeacherView | undefined,
  average: MovingAverage | undefined,
  best: BestWeights | undefined,
  session: Session,
): Promise<{ validation: Metrics; stop: boolean }> {
  const { network } = trained;
  // Between two updates of an epoch the epoch is not complete.
  const epoch = state.update === 0 ? state.epochs : state.epochs + 1;
  const validation = await withAverage(network, average, async () => {
    const metrics = await evaluate(network, splits.validation, teacher, session);
    checkMetrics(metrics, `on the validation data in stage "${plan.name}" after update ${state.updates}`);
    state.last = { epoch, step: state.updates, validation: metrics };
    if (best !== undefined && isBetter(best.choice, metrics, state.best?.validation)) {
      best.take();
      state.best = state.last;
    }
    return metrics;
  });
  const isBest = best !== undefined && state.best === state.last;
  await session.events.emit({
    type: 'evaluation',
    stage: plan.name,
    epoch,
    step: state.updates,
    split: 'validation',
    metrics: validation,
    best: isBest,
    ...(best?.choice[0] === undefined ? {} : { by: best.choice[0].name }),
  });
  const report = judge({ trained, stages }, state, validation, session.metrics);
  if (report !== undefined) {
    state.stops.push(report);
    await session.events.emit({ type: 'stop', ...report });
  }
  return { validation, stop: state.stageDone || state.stopped };
}

/** Returns every tensor to save, by name, except the best weights, which are replaced as a whole. */
function tensorsOf(
  { network, snapshots }: TrainedNetwork,
  { state }: KeptOptimizer,
  learned: LearnedVariables,
  average: MovingAverage | undefined,
): Record<string, tf.Variable> {
  const numbered = (prefix: string, list: readonly tf.Variable[]): [string, tf.Variable][] =>
    list.map((variable, i) => [`${prefix}/${i}`, variable]);
  return {
    ...networkVariables(network, 'network'),
    ...Object.assign({}, ...snapshots.map((snapshot) => networkVariables(snapshot.network, `snapshot-${snapshot.epoch}`))),
    ...Object.fromEntries(Object.entries(state.variables).map(([name, variable]) => [`optimizer/${name}`, variable])),
    ...Object.fromEntries([...numbered('learned', learnedList(learned)), ...numbered('average', average?.shadows ?? [])]),
  };
}

const bestTensors = (best: BestWeights | undefined): Record<string, tf.Tensor> =>
  Object.fromEntries((best?.copies ?? []).map((copy, i) => [`best/${i}`, copy]));

function restoreAll(arrays: SavedFit['arrays'], tensors: Readonly<Record<string, tf.Variable>>, best: BestWeights | undefined): void {
  assignFrom(arrays, tensors);
  // Inside tidy: an array that does not fit would leak the tensors made before it.
  best?.put(tf.tidy(() => best.copies.map((copy, i) => fromHost(arrays, `best/${i}`, copy))));
}
