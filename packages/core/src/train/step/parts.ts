import type * as tf from '@tensorflow/tfjs-core';
import type { Loss } from '../../contracts/loss.js';
import type { Network, Penalty, Taps } from '../../contracts/network.js';
import type { OptimizerState } from '../../contracts/optimizer.js';
import type { TemperatureSchedule, Variables } from '../../contracts/schedule.js';
import type { LossWeighting } from '../../contracts/weighting.js';

/** All samples of a stage, under the names of the step's inputs. */
export type Samples = Readonly<Record<string, tf.Tensor>>;

/** Everything that one update is made of. */
export interface StepParts {
  readonly name: string;
  readonly student: Network;
  /** What the step picks its batch from; absent where it is handed over. */
  readonly samples?: Samples;
  /** Runs inside the step, where its logits are not known beforehand. */
  readonly teacher?: Network;
  readonly losses: Readonly<Record<string, Loss>>;
  readonly temperature: TemperatureSchedule;
  readonly weighting: LossWeighting;
  readonly optimizer: OptimizerState;
  /** What is trained: the student's parameters less the frozen ones, and what strategies learn. */
  readonly variables: readonly tf.Variable[];
  readonly learned: LearnedVariables;
  readonly clipNorm?: number;
  readonly average?: MovingAverage;
  /** The student's layers that this stage freezes as a whole, which run as outside of training. */
  readonly still: ReadonlySet<string>;
  /** The penalties of the student's layers on what is trained. */
  readonly penalties: readonly Penalty[];
  /** Sums of gradients, for each stream of them one for each of `variables`, where several batches make one update. */
  readonly sums?: Readonly<Record<string, readonly tf.Variable[]>>;
  /** Temperature at the first update, for `scale: 'initial'`. */
  readonly initialTemperature?: number;
  readonly graphKeys: { readonly temperature?: string; readonly weighting?: string };
}

/** What the losses, the temperature and the weights of a batch come from. */
export type TermParts = Pick<
  StepParts,
  'losses' | 'temperature' | 'weighting' | 'learned' | 'initialTemperature' | 'graphKeys' | 'penalties'
>;

/** Exponential moving average of a network's parameters. */
export interface MovingAverage {
  readonly decay: number;
  /** One for each of the network's parameters. */
  readonly shadows: readonly tf.Variable[];
}

/** Learned variables of the strategies of a stage. */
export interface LearnedVariables {
  readonly temperature: Variables;
  readonly weighting: Variables;
  readonly losses: Readonly<Record<string, Variables>>;
}

/** What the networks make of a batch. */
export interface Outputs {
  readonly student: tf.Tensor;
  readonly teacher: tf.Tensor | undefined;
  readonly taps: { readonly student: Taps; readonly teacher: Taps };
}

export type Inputs = Readonly<Record<string, tf.Tensor>>;

export interface Terms {
  readonly total: tf.Tensor;
  readonly weighted: Readonly<Record<string, tf.Tensor>>;
  readonly penalty: tf.Tensor | undefined;
  /** Sum of the penalties of the student's layers. */
  readonly regularization: tf.Tensor | undefined;
  /** Losses that have one value for the batch, none per sample. */
  readonly ofBatch: readonly string[];
  /** What is reported: the total, each term, weights and temperatures that the graph makes, what strategies measure. */
  readonly numbers: Readonly<Record<string, tf.Tensor>>;
}
