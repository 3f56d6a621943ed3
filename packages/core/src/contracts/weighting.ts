import type * as tf from '@tensorflow/tfjs-core';
import type { Json } from '../json.js';
import type { Progress } from '../progress.js';
import type { ReactiveState, Scalars, ScalarTensors, VariableContext, Variables } from './schedule.js';

/** Weight of each named loss at a step. */
export type WeightSchedule = (at: Progress) => Scalars;

/**
 * The weight of every loss term over a stage, with the same two sides as `TemperatureSchedule`. Without a graph
 * side the scalars are the weights, by the name of their loss.
 */
export interface LossWeighting {
  /** Host side, pure. `losses` are the names of the run's terms, for weightings that accept any terms. */
  scalars(at: Progress, state: Json, losses?: readonly string[]): Scalars;
  /** Graph side: one scalar weight, or one per sample, for each named loss. */
  weights?(x: WeightingInputs): Readonly<Record<string, tf.Tensor>>;
  /** Graph side: a further term of the total, for instance the log σ of learned uncertainty. */
  penalty?(x: WeightingInputs): tf.Scalar;
  /** Learned variables, made once per stage. */
  variables?(context: VariableContext): Variables;
  readonly state?: ReactiveState;
  /** Graph side: named scalars for `state.observe`, averaged over the updates between two observations. */
  measure?(x: WeightingInputs): Readonly<Record<string, tf.Scalar>>;
  /** True where the weights depend on the whole batch: the loop then warns if `accumulate` splits batches. */
  readonly acrossSamples?: boolean;
  /** Names the active graph side; when it changes, the step is recorded again. */
  graphKey?(at: Progress): string;
  /** Names of the losses that it has weights for, if known; checked against the run's losses. */
  readonly losses?: readonly string[];
}

/** The inputs of a weighting's graph side for a batch. */
export interface WeightingInputs {
  readonly scalars: ScalarTensors;
  /** Mean value of each loss over the counted positions of the batch. */
  readonly losses: Readonly<Record<string, tf.Scalar>>;
  /** Value of each loss for each position, or one for the batch; 0 where a position is not counted. */
  readonly values: Readonly<Record<string, tf.Tensor>>;
  readonly student: tf.Tensor;
  readonly teacher?: tf.Tensor;
  readonly labels: tf.Tensor;
  /**
   * 1 = counted, shape of the labels; absent if all positions are counted. Means over a batch use counted positions only:
   * `meanOverCounted`.
   */
  readonly mask?: tf.Tensor;
  readonly variables: Variables;
  /** The value of `graphKey` at this update. */
  readonly graphKey?: string;
  /** Gradient of a loss's batch mean with respect to the student's logits; costs one backward pass of that loss alone. */
  gradientOf(loss: string): tf.Tensor;
}
