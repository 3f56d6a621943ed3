import type * as tf from '@tensorflow/tfjs-core';
import type { z } from 'zod';
import type { Json } from '../json.js';
import type { Progress } from '../progress.js';
import type { Random } from '../random.js';

/**
 * A number that changes during training: a pure function of `at`, without state. Temperature, loss weights and learning rate all use it.
 */
export type Schedule = (at: Progress) => number;

/**
 * A temperature that differs between classes: a pure function of `at`, without state, that gives one number for each class, or one number
 * for all. The number of values is the same at every update.
 */
export type ClassSchedule = (at: Progress) => number | readonly number[];

/**
 * Temperature of a batch, or one for each side. With logits `[B, classes]` it is a scalar, one value per sample `[B, 1]`, one per class
 * `[1, classes]`, or both `[B, classes]`. With logits `[B, length, classes]` it may also be `[B, length, 1]` or `[B, length, classes]`;
 * `[B, 1]` and `[1, classes]` then hold for all positions.
 */
export type Temperature = tf.Tensor | { readonly student: tf.Tensor; readonly teacher: tf.Tensor };

/** Named numbers of the host side; each reaches the graph side as a scalar tensor of the same name. */
export type Scalars = Readonly<Record<string, number>>;
/** `Scalars` as the graph side sees them. */
export type ScalarTensors = Readonly<Record<string, tf.Scalar>>;

/** Learned variables of a strategy, by name; they are trained together with the student. */
export type Variables = Readonly<Record<string, tf.Variable>>;

/** Facts for a strategy that creates variables. */
export interface VariableContext {
  readonly classes: number;
  /** Names of the loss terms in the config's order. */
  readonly losses: readonly string[];
  readonly random: Random;
}

/**
 * Numbers since the last observation: validation metrics (`validation.accuracy`), means over the updates since
 * (`loss`, `loss.soft`), and means of the measurements of the strategy, under its own names.
 */
export type Metrics = Readonly<Record<string, number>>;

/** JSON state of a strategy that reacts to metrics; saved with every checkpoint. */
export interface ReactiveState {
  readonly initial: Json;
  /**
   * Form of every state. A checkpoint whose state has another form is skipped for an older one. Without a schema only those are skipped
   * with which `scalars` fails, names other numbers than with `initial`, or gives numbers that no update can use.
   */
  readonly schema?: z.ZodType;
  /**
   * Called after each evaluation, with the update made last; returns the next state and changes nothing else.
   * @param better Whether larger or smaller values of each validation metric are better (`validation.kl`: `min`).
   */
  observe(state: Json, seen: Metrics, at?: Progress, better?: Readonly<Record<string, 'max' | 'min'>>): Json;
}

/**
 * The softmax temperature over a stage. The host side names numbers before each update; the graph side turns
 * them and the logits into a temperature with tensor operations only, so that one recorded step serves every
 * temperature. A plain `Schedule` is the common case.
 */
export interface TemperatureSchedule {
  /** Host side, pure in `at` and `state`. Without a graph side, `value` is the temperature. */
  scalars(at: Progress, state: Json): Scalars;
  /** Graph side. `student` and `teacher` are logits `[..., classes]`. The shapes that it may return are those of `Temperature`. */
  temperature?(x: TemperatureInputs): Temperature;
  /** Learned variables, made once per stage. */
  variables?(context: VariableContext): Variables;
  readonly state?: ReactiveState;
  /** Graph side: named scalars for `state.observe`, averaged over the updates between two observations. */
  measure?(x: TemperatureInputs & { readonly temperature: Temperature }): Readonly<Record<string, tf.Scalar>>;
  /** True where a sample's temperature depends on the other samples of its batch: the loop then warns if `accumulate` splits batches. */
  readonly acrossSamples?: boolean;
  /** Names the active graph side; when it changes, the step is recorded again. */
  graphKey?(at: Progress): string;
}

/** The inputs of a temperature's graph side for a batch. */
export interface TemperatureInputs {
  readonly scalars: ScalarTensors;
  readonly student: tf.Tensor;
  readonly teacher: tf.Tensor;
  readonly labels: tf.Tensor;
  /**
   * 1 = counted, shape of the labels; absent if all positions are counted. Means over a batch use counted positions only:
   * `meanOverCounted`.
   */
  readonly mask?: tf.Tensor;
  readonly variables: Variables;
  /** The value of `graphKey` at this update, by which a composite chooses its active graph side. */
  readonly graphKey?: string;
}
