import type { Network } from '../../contracts/network.js';
import type { TrainingConfig } from '../../kit/run-config.js';
import type { StagePlan } from '../../kit/stage-plan.js';

/** A network that the run trains: the student, its teacher unless it is given, an assistant between them. */
export interface TrainedNetwork {
  /** Names its folder, its checkpoint and its part of the progress. */
  readonly name: string;
  readonly network: Network;
  readonly training: TrainingConfig;
  /** Path of its training in the config; empty for the student. */
  readonly path: readonly PropertyKey[];
  readonly teacher: Teacher | undefined;
  readonly stages: readonly { readonly plan: StagePlan; readonly teacher: Teacher | undefined }[];
  /** Copies of the network that get its weights after these epochs. */
  readonly snapshots: readonly { readonly epoch: number; readonly network: Network }[];
}

/** The teacher of a stage: one network, or several with combined logits. */
export type Teacher =
  | { readonly kind: 'network'; readonly network: Network }
  | { readonly kind: 'ensemble'; readonly of: readonly Teacher[]; readonly combine: 'mean' | 'confidence' | 'random' };

/** All networks of a run. */
export interface RunNetworks {
  /** The networks to train, in order; the student comes last. */
  readonly trained: readonly TrainedNetwork[];
  readonly student: TrainedNetwork;
  /** Networks made or loaded for this run, to be disposed where it fails. */
  readonly made: readonly Network[];
  /** Changes made to networks so that they give logits; the run reports each as a warning. */
  readonly notices: readonly string[];
}
