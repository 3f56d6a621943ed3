import type * as tf from '@tensorflow/tfjs-core';
import type { Schedule } from './schedule.js';

/**
 * An optimizer is a learning rate that is a schedule, and a pure description of its update; all its state lies in
 * the variables that `init` declares, so it can be recorded, saved and resumed.
 */
export interface Optimizer {
  readonly learningRate: Schedule;
  /** Makes the state for these parameters, in this order. */
  init(parameters: readonly tf.Variable[]): OptimizerState;
}

/** An optimizer's variables for one list of parameters, and the update that uses them. */
export interface OptimizerState {
  /** Slots (momentum, moments, counters) by stable name; disposed by the loop. */
  readonly variables: Readonly<Record<string, tf.Variable>>;
  /** Applies one update. `gradients[i]` belongs to `parameters[i]`; tensor operations and `assign` only. */
  apply(gradients: readonly tf.Tensor[], learningRate: tf.Scalar): void;
  /**
   * For optimizers that treat the loss terms apart: gradients of each weighted term. Used instead of `apply` where given.
   * The penalties of the network's layers, where it has any, come under the name `regularization`.
   * `reaches[loss][i]` tells whether the term depends on `parameters[i]` at all; where it does not, its gradient is zeros.
   */
  applyPerLoss?(
    gradients: Readonly<Record<string, readonly tf.Tensor[]>>,
    learningRate: tf.Scalar,
    reaches?: Readonly<Record<string, readonly boolean[]>>,
  ): void;
}
