import type { Checkpoint, HostArray } from '../../contracts/checkpoint.js';
import type { Engine } from '../../contracts/engine.js';
import type { RunStore, StopReport } from '../../contracts/events.js';
import { TemperError } from '../../errors.js';
import type { Json } from '../../json.js';
import { reasonOf } from '../../reason.js';
import type { Every } from '../../kit/run-config.js';
import { assignFrom, networkVariables, toHost } from '../loop/arrays.js';
import { dataChanges, type DataFingerprints } from './fingerprint.js';
import type { Saving, SavedFit } from '../loop/fit.js';
import type { FitState } from '../loop/fit-state.js';
import { checkMemory, withFittingMemory } from './check-memory.js';
import { checkRunState, stopsOf } from './check-state.js';
import type { TrainedNetwork } from '../plan/trained-network.js';
import type { ReadyStage } from '../plan/ready-stage.js';
import type { Session } from '../loop/session.js';

/** The state of a run without its arrays. */
interface RunState {
  /** The network in training. */
  readonly network: string;
  readonly fit: FitState;
  readonly engine: string;
  readonly conditions?: string;
  /** The number of records in the store. */
  readonly records: number;
  /** The data of the training; absent in checkpoints of earlier versions. */
  readonly data?: DataFingerprints;
}

/** Saves the networks of a run during and after their training. */
export interface Checkpointing {
  savingOf(trained: TrainedNetwork): Saving;
  /** Saves a network whose training is over, and why it ended. */
  done(trained: TrainedNetwork, stops: readonly StopReport[]): Promise<void>;
  /** Waits until everything is written. */
  flush(): Promise<void>;
}

/** Creates the checkpointing of a run. Files are written while training continues; a checkpoint waits only for the one before it. */
export function createCheckpointing(store: RunStore | undefined, every: Every, data: DataFingerprints, session: Session): Checkpointing {
  const checkpoints = store?.checkpoints;
  let writing: Promise<void> = Promise.resolve();
  let failure: { readonly error: unknown } | undefined;
  /** Rethrows an error of writing, which no other code awaits. */
  const settled = async (): Promise<void> => {
    await writing;
    if (failure !== undefined) throw failure.error;
  };
  /** The position that was saved last; undefined if it could not be written. */
  let savedAt: string | undefined;
  if (store === undefined || checkpoints === undefined) {
    return {
      savingOf: () => ({ every, afterStop: () => 'Nothing was saved: no run store is bound.', save: async () => undefined }),
      done: async () => undefined,
      flush: async () => undefined,
    };
  }
  const write = async (checkpoint: Checkpoint, step: number, best: boolean): Promise<void> => {
    try {
      const { location } = await checkpoints.write(checkpoint, { step, best });
      await session.events.emit({ type: 'checkpoint', step, location });
    } catch (error) {
      savedAt = undefined;
      await session.events.warn(
        `the checkpoint at update ${step} could not be written; training continues, and earlier checkpoints are valid. ${reasonOf(error)}`,
      );
    }
  };
  return {
    savingOf: ({ name }) => ({
      every,
      afterStop() {
        if (savedAt === undefined)
          return (
            `The training since the last checkpoint in ${store.location} could not be saved; resume the run by its name to ` +
            `continue from there.`
          );
        return `The training so far is saved in ${store.location}; resume the run by its name to continue.`;
      },
      async save(fit, tensors, whole = false) {
        const position = JSON.stringify([name, fit.stage, fit.epoch, fit.update]);
        if (position !== savedAt) {
          await settled();
          savedAt = position;
          const arrays = await toHost(tensors);
          const state: RunState = { network: name, fit, ...engineOf(session.engine), records: store.records ?? 0, data };
          // Copied through text: the state changes further while this is written.
          const best = fit.best !== null && fit.best.step === fit.updates;
          writing = write({ arrays, state: JSON.parse(JSON.stringify(state)) as Json }, fit.updates, best).catch(
            (error: unknown) => void (failure = { error }),
          );
        }
        if (whole) await settled();
      },
    }),
    async done({ name, network, snapshots }, stops) {
      const all = [
        networkVariables(network, 'network'),
        ...snapshots.map(({ epoch, network: copy }) => networkVariables(copy, `snapshot-${epoch}`)),
      ];
      await checkpoints.put(name, { arrays: await toHost(Object.assign({}, ...all)), state: { stops } as unknown as Json });
    },
    flush: settled,
  };
}

/** The point from which a run continues; networks whose training was complete have their weights again. */
export interface ResumePoint {
  readonly network: string;
  readonly fit: SavedFit;
  /** Why the trainings of the completed networks ended. */
  readonly stops: readonly StopReport[];
  /** The data of the training so far. */
  readonly data?: DataFingerprints;
  readonly records: number;
}

/**
 * Finds the newest complete checkpoint, and restores the weights of networks whose training was complete. Returns undefined if the run
 * ended before its first checkpoint: it starts again.
 */
export async function findResumePoint(
  store: RunStore,
  trained: readonly TrainedNetwork[],
  engine: Engine,
  warn: (message: string) => void,
  ready: ReadonlyMap<TrainedNetwork, readonly ReadyStage[]>,
  data: DataFingerprints,
  isChanged: boolean,
): Promise<ResumePoint | undefined> {
  const checkpoints = store.checkpoints;
  if (checkpoints === undefined) {
    throw new TemperError({
      code: 'run/no-checkpoint',
      fault: 'user',
      message: `${store.location} keeps no checkpoints, so the run cannot be resumed`,
    });
  }
  // A position in other data is no sign of damage; whether other data are allowed is checked elsewhere.
  const isOther = (state: Json): boolean => dataChanges((state as Partial<RunState> | null)?.data, data).length > 0;
  const stagesOf = (network: string): readonly ReadyStage[] | undefined =>
    ready.get(trained.find(({ name }) => name === network) as TrainedNetwork);
  const check = ({ state }: Checkpoint): void => {
    checkRunState(state, (network) => (isOther(state) ? undefined : stagesOf(network)));
    const { network, fit } = state as unknown as RunState;
    // A strategy that was changed on purpose may not understand the state of the previous one.
    if (!isChanged) checkMemory(stagesOf(network), fit);
  };
  const found = await checkpoints.latest(warn, check);
  if (found === undefined) return undefined;
  // A store may ignore the check that it is given.
  check(found);
  const state = found.state as unknown as RunState;
  const index = trained.findIndex(({ name }) => name === state.network);
  if (index < 0) {
    throw new TemperError({
      code: 'run/changed',
      fault: 'user',
      message: `the checkpoint is of network "${state.network}", and this run trains ${trained.map(({ name }) => name).join(', ')}`,
    });
  }
  const [before, now] = [shown(state), shown(engineOf(engine))];
  if (before !== now)
    warn(`the run was started with engine ${before} and continues with ${now}: results are equal up to rounding, not ` + `to the bit`);
  const stops: StopReport[] = [];
  for (const done of trained.slice(0, index)) stops.push(...(await restoreDone((name) => checkpoints.get(name, warn), done, warn)));
  const fit = withAveraged(withFittingMemory(stagesOf(state.network), state.fit, warn), trained[index]?.training.ema, warn);
  return {
    network: state.network,
    stops,
    ...(state.data === undefined ? {} : { data: state.data }),
    fit: { state: fit, arrays: found.arrays },
    records: state.records,
  };
}

/**
 * Adds the number of averaged updates that checkpoints of older versions lack: their averages started at the untrained weights, whose
 * share, dⁿ after n updates, cannot be removed.
 */
function withAveraged(
  fit: Omit<FitState, 'averaged'> & Partial<FitState>,
  decay: number | undefined,
  warn: (message: string) => void,
): FitState {
  if (fit.averaged !== undefined || decay === undefined) return { averaged: 0, ...fit };
  const share = decay ** fit.updates;
  if (share > 0.001) {
    warn(
      `the checkpoint was written by an older version, in whose average (ema ${decay}) the untrained weights still have a ` +
        `share of ${(100 * share).toPrecision(2)} %; it fades as the run continues. A new run has no such share.`,
    );
  }
  return { ...fit, averaged: fit.updates };
}

const engineOf = ({ name, conditions }: Engine): Pick<RunState, 'engine' | 'conditions'> => ({
  engine: name,
  ...(conditions === undefined ? {} : { conditions }),
});

const shown = ({ engine, conditions }: Pick<RunState, 'engine' | 'conditions'>): string =>
  conditions === undefined ? `"${engine}"` : `"${engine}" (${conditions})`;

async function restoreDone(
  get: (name: string) => Promise<Checkpoint | undefined>,
  { name, network, snapshots }: TrainedNetwork,
  warn: (message: string) => void,
): Promise<readonly StopReport[]> {
  const saved = await get(name);
  if (saved === undefined)
    throw new TemperError({
      code: 'run/no-checkpoint',
      fault: 'user',
      message: `the weights of "${name}", which was trained before, are missing`,
      hint: 'Start the run again under another name.',
    });
  const arrays: Readonly<Record<string, HostArray>> = saved.arrays;
  assignFrom(arrays, networkVariables(network, 'network'));
  for (const { epoch, network: copy } of snapshots) assignFrom(arrays, networkVariables(copy, `snapshot-${epoch}`));
  const stops = stopsOf(saved.state);
  if (stops === undefined)
    warn(`the record of what ended the training of "${name}" is damaged and is ignored; the weights of "${name}" are complete`);
  return stops ?? [];
}
