import * as tf from '@tensorflow/tfjs-core';
import type { Batch, DataSplits } from '../../contracts/data.js';
import type { StopReport } from '../../contracts/events.js';
import type { TrainingConfig } from '../../kit/run-config.js';
import { batchSource } from './batches.js';
import { placed } from '../../kit/blame.js';
import { evaluateNow } from './evaluate-now.js';
import { startOfFit, type Evaluation, type FitState } from './fit-state.js';
import { trainedOf } from '../plan/frozen.js';
import { choiceOf } from '../../metrics/choice.js';
import { measuredBy } from '../../metrics/names.js';
import { keepBest } from './keep-best.js';
import { learnedVariables, learnedList } from '../step/learned-variables.js';
import { movingAverage, useAverage } from '../step/moving-average.js';
import type { Teacher, TrainedNetwork } from '../plan/trained-network.js';
import { takeOptimizer, type KeptOptimizer } from '../step/optimizer-state.js';
import type { ReadyStage } from '../plan/ready-stage.js';
import { bestTensors, restoreAll, tensorsOf, type SavedFit, type Saving } from './saved-fit.js';
import type { Session } from './session.js';
import { takeMissedSnapshots, takeSnapshots } from './snapshots.js';
import { reconsider } from './judge.js';
import { initialStates } from '../step/strategies.js';
import type { TeacherView } from './teacher-view.js';
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
  const state: FitState = withStates({ ...startOfFit(), ...saved?.state });
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
        state.strategies = initialStates(services);
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

/** Adds the states of losses, which checkpoints of earlier versions lack. */
const withStates = (state: FitState): FitState => ({ ...state, strategies: { ...startOfFit().strategies, ...state.strategies } });

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
