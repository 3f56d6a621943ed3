import * as tf from '@tensorflow/tfjs-core';
import type { HostArray } from '../../contracts/checkpoint.js';
import type { Every } from '../../kit/run-config.js';
import { assignFrom, fromHost, networkVariables } from './arrays.js';
import type { FitState } from './fit-state.js';
import type { BestWeights } from './keep-best.js';
import { learnedList } from '../step/learned-variables.js';
import type { TrainedNetwork } from '../plan/trained-network.js';
import type { KeptOptimizer } from '../step/optimizer-state.js';
import type { LearnedVariables, MovingAverage } from '../step/parts.js';

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

/** Returns every tensor to save, by name, except the best weights, which are replaced as a whole. */
export function tensorsOf(
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

/** Returns the copies of the best weights, by name. */
export const bestTensors = (best: BestWeights | undefined): Record<string, tf.Tensor> =>
  Object.fromEntries((best?.copies ?? []).map((copy, i) => [`best/${i}`, copy]));

/** Restores the tensors of a training from what was saved. */
export function restoreAll(
  arrays: SavedFit['arrays'],
  tensors: Readonly<Record<string, tf.Variable>>,
  best: BestWeights | undefined,
): void {
  assignFrom(arrays, tensors);
  // Inside tidy: an array that does not fit would leak the tensors made before it.
  best?.put(tf.tidy(() => best.copies.map((copy, i) => fromHost(arrays, `best/${i}`, copy))));
}
