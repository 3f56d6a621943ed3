import type { Checkpoint, HostArray } from '../../contracts/checkpoint.js';
import type { Engine } from '../../contracts/engine.js';
import type { RunStore, StopReport } from '../../contracts/events.js';
import { TemperError } from '../../errors.js';
import type { Json } from '../../json.js';
import { assignFrom, networkVariables } from '../loop/arrays.js';
import type { FitState } from '../loop/fit-state.js';
import type { SavedFit } from '../loop/saved-fit.js';
import type { ReadyStage } from '../plan/ready-stage.js';
import type { TrainedNetwork } from '../plan/trained-network.js';
import { checkMemory, withFittingMemory } from './check-memory.js';
import { checkRunState, stopsOf } from './check-state.js';
import { dataChanges, type DataFingerprints } from './fingerprint.js';
import { engineOf, shownEngine, type RunState } from './run-state.js';

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
  const [before, now] = [shownEngine(state), shownEngine(engineOf(engine))];
  if (before !== now)
    warn(`the run was started with engine ${before} and continues with ${now}: results are equal up to rounding, not to the bit`);
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
