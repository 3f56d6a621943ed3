import type { Checkpoint } from '../../contracts/checkpoint.js';
import type { RunStore, StopReport } from '../../contracts/events.js';
import type { Json } from '../../json.js';
import { reasonOf } from '../../reason.js';
import type { Every } from '../../kit/run-config.js';
import { networkVariables, toHost } from '../loop/arrays.js';
import type { Saving } from '../loop/saved-fit.js';
import type { TrainedNetwork } from '../plan/trained-network.js';
import type { Session } from '../loop/session.js';
import type { DataFingerprints } from './fingerprint.js';
import { engineOf, type RunState } from './run-state.js';

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
