import type * as tf from '@tensorflow/tfjs-core';
import type { Loss } from '../../contracts/loss.js';
import type { Network, Penalty, Taps } from '../../contracts/network.js';
import type { OptimizerState } from '../../contracts/optimizer.js';
import type { TemperatureSchedule, Variables } from '../../contracts/schedule.js';
import type { LossWeighting } from '../../contracts/weighting.js';

/** All samples of a stage, under the names of the step's inputs. */
export type Samples = Readonly<Record<string, tf.Tensor>>;

/** Everything that one update consists of. */
export interface StepParts {
  readonly name: string;
  readonly student: Network;
  /** The samples from which the step picks its batch; absent if the batch is an input. */
  readonly samples?: Samples;
  /** Runs inside the step, if its logits are not known in advance. */
  readonly teacher?: Network;
  readonly losses: Readonly<Record<string, Loss>>;
  readonly temperature: TemperatureSchedule;
  readonly weighting: LossWeighting;
  readonly optimizer: OptimizerState;
  /** The trained variables: the student's parameters without the frozen ones, and the variables of strategies. */
  readonly variables: readonly tf.Variable[];
  readonly learned: LearnedVariables;
  readonly clipNorm?: number;
  readonly average?: MovingAverage;
  /** The student's layers that this stage freezes completely; they run in inference mode. */
  readonly still: ReadonlySet<string>;
  /** The penalties of the student's layers on trained variables. */
  readonly penalties: readonly Penalty[];
  /** Sums of gradients, per stream one for each of `variables`, if several batches make one update. */
  readonly sums?: Readonly<Record<string, readonly tf.Variable[]>>;
  /** Temperature at the first update, for `scale: 'initial'`. */
  readonly initialTemperature?: number;
  readonly graphKeys: { readonly temperature?: string; readonly weighting?: string };
}

/** The parts that the losses, the temperature and the weights of a batch depend on. */
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

/** The outputs of the networks for a batch. */
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
  /** Losses that have one value for the batch and none per sample. */
  readonly ofBatch: readonly string[];
  /** The reported numbers: the total, each term, weights and temperatures from the graph, measurements of strategies. */
  readonly numbers: Readonly<Record<string, tf.Tensor>>;
}
