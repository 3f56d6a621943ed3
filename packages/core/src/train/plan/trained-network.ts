import type { Network } from '../../contracts/network.js';
import type { TrainingConfig } from '../../kit/run-config.js';
import type { StagePlan } from '../../kit/stage-plan.js';

/** A network that the run trains: the student, its teacher where that is not given, an assistant between them. */
export interface TrainedNetwork {
  /** Names its folder, its checkpoint and its part of the progress. */
  readonly name: string;
  readonly network: Network;
  readonly training: TrainingConfig;
  /** Where its training is in the config; empty for the student. */
  readonly path: readonly PropertyKey[];
  readonly teacher: Teacher | undefined;
  readonly stages: readonly { readonly plan: StagePlan; readonly teacher: Teacher | undefined }[];
  /** Copies of the network to be given its weights as they are after these epochs. */
  readonly snapshots: readonly { readonly epoch: number; readonly network: Network }[];
}

/** Who teaches: one network, or several that speak as one. */
export type Teacher =
  | { readonly kind: 'network'; readonly network: Network }
  | { readonly kind: 'ensemble'; readonly of: readonly Teacher[]; readonly combine: 'mean' | 'confidence' | 'random' };

/** All networks of a run. */
export interface RunNetworks {
  /** Those to train, in order; the student comes last. */
  readonly trained: readonly TrainedNetwork[];
  readonly student: TrainedNetwork;
  /** Networks made or loaded for this run, to be disposed where it fails. */
  readonly made: readonly Network[];
  /** What was done to networks so that they give logits; the run reports each as a warning. */
  readonly notices: readonly string[];
}
