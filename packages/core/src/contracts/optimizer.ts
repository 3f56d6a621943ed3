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

/** Gradients by name: `total`, or the name of each loss if they are separate. `gradients[name][i]` belongs to `parameters[i]`. */
export type Gradients = Readonly<Record<string, readonly tf.Tensor[]>>;

/** `reaches[loss][i]` is true if the loss depends on `parameters[i]`; otherwise its gradient is zeros. */
export type Reaches = Readonly<Record<string, readonly boolean[]>>;

/** An optimizer's variables for one list of parameters, and the update that uses them. */
export interface OptimizerState {
  /** Slots (momentum, moments, counters) by stable name; disposed by the loop. */
  readonly variables: Readonly<Record<string, tf.Variable>>;
  /** Applies one update. `gradients[i]` belongs to `parameters[i]`; tensor operations and `assign` only. */
  apply(gradients: readonly tf.Tensor[], learningRate: tf.Scalar): void;
  /**
   * For optimizers that treat the loss terms separately: gradients of each weighted term. Used instead of `apply` where given.
   * The penalties of the network's layers, where it has any, come under the name `regularization`.
   */
  applyPerLoss?(gradients: Gradients, learningRate: tf.Scalar, reaches?: Reaches): void;
}

/**
 * A link of a chain that ends in an optimizer: a transform of the gradients. Like an optimizer, it describes its update and keeps all its
 * state in variables.
 */
export interface GradientTransform {
  /** Makes the state for these parameters, in this order. */
  init(parameters: readonly tf.Variable[]): TransformState;
}

/** A transform's variables for one list of parameters, and what it does with their gradients. */
export interface TransformState {
  /** As for an optimizer. If two links of a chain use one name, the later one gets a number. */
  readonly variables: Readonly<Record<string, tf.Variable>>;
  /** Whether it needs the gradients of each loss separately. Default: only if the optimizer does. */
  readonly perLoss?: boolean;
  /**
   * Passes changed gradients to `next`, which is the rest of the chain and the optimizer. After that call the parameters are updated;
   * without it there is no update. Tensor operations and `assign` only.
   */
  apply(
    gradients: Gradients,
    next: (gradients: Gradients) => void,
    context: { readonly learningRate: tf.Scalar; readonly reaches?: Reaches },
  ): void;
}
