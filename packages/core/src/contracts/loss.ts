import type * as tf from '@tensorflow/tfjs-core';
import type { Json } from '../json.js';
import type { Progress } from '../progress.js';
import type { LayerOutput, Taps } from './network.js';
import type { ReactiveState, Schedule, Scalars, ScalarTensors, Temperature, VariableContext, Variables } from './schedule.js';

/** The inputs of a loss: logits `[..., classes]`, integer labels `[...]`. */
export interface LossInputs {
  readonly student: tf.Tensor;
  /** Absent where a run has no teacher; a loss that needs it lists it in `needs`. */
  readonly teacher?: tf.Tensor;
  readonly labels?: tf.Tensor;
  /** In a run, it broadcasts against the logits: `fitTemperature` has checked it. In calls by hand, a number is accepted too. */
  readonly temperature?: Temperature | number;
  /**
   * 1 = counted, shape of the labels; absent if all positions are counted. In a run it also excludes labels of −100. Only losses
   * over the whole batch need it: the loop masks per-sample values.
   */
  readonly mask?: tf.Tensor;
  /** The loss's own host numbers (see `scalars`), as tensors. */
  readonly scalars?: ScalarTensors;
  /** Temperature at the stage's first update, for `scale: 'initial'`; absent for temperatures that depend on the batch. */
  readonly initialTemperature?: number;
  /** The loss's own learned variables (see `variables`). */
  readonly variables?: Variables;
  /** Intermediate outputs that the loss declares in `taps`, by layer name. */
  readonly taps?: { readonly student: Taps; readonly teacher: Taps };
}

/** Facts for a loss that creates variables. */
export interface LossContext extends VariableContext {
  /** Shapes of the declared taps, without the batch. */
  readonly tapShapes: {
    readonly student: Readonly<Record<string, readonly number[]>>;
    readonly teacher: Readonly<Record<string, readonly number[]>>;
  };
}

/** The layers of the networks of a stage, for losses that choose layers and check their shapes; absent where they are not known. */
export interface LossNetworks {
  readonly student: readonly LayerOutput[] | undefined;
  readonly teacher: readonly LayerOutput[] | undefined;
}

/** A layer of the student and the layer of the teacher that a loss compares it with. */
export interface LayerPair {
  readonly student: string;
  readonly teacher: string;
  /** Weight of this pair in the loss; default: 1. */
  readonly weight?: Schedule;
  /** Names of the learned variables of this pair. */
  readonly variables?: readonly string[];
}

/**
 * A loss on logits: returns one value per position (shape of the labels, or of their first dimensions), or a single value for the batch.
 * The loop masks the values, takes the mean over counted positions, and applies the weight. Further properties declare its needs.
 */
export interface Loss {
  (x: LossInputs): tf.Tensor;
  /** Inputs without which it cannot be computed; `labels` and `teacher` are checked before training. */
  readonly needs?: readonly ('labels' | 'teacher')[];
  /**
   * True where a sample's value depends on the other samples of its batch: the loop then warns if `accumulate` splits batches. A loss with
   * one value for the batch is treated this way, unless it declares false because its value is a mean over counted positions.
   */
  readonly acrossSamples?: boolean;
  /**
   * Numbers that change during training, for instance a warm-up; pure in `at` and `state`. The loss gets them as `scalars`.
   * @param state A run passes the state of the loss, null if it has none. Default in calls by hand: the first state.
   */
  scalars?(at: Progress, state?: Json): Scalars;
  /** State that changes after each evaluation, for a loss that reacts to what was measured. */
  readonly state?: ReactiveState;
  /** Graph side: named scalars for `state.observe`, averaged over the updates between two observations. */
  measure?(x: LossInputs): Readonly<Record<string, tf.Scalar>>;
  /**
   * The smallest batch for which it is defined, for a loss that compares samples: 2 or more. A run whose batches are smaller is refused
   * before training. Default: 1.
   */
  readonly fewestSamples?: number;
  /**
   * The largest number of samples that it can compare in a batch, where every position of a sequence is a sample. A run with larger batches
   * is refused before training. Default: no limit.
   */
  readonly mostSamples?: number;
  /** The pairs of layers that it compares, for previews; absent for losses on logits, and while `forNetworks` has not chosen them. */
  readonly pairs?: readonly LayerPair[];
  /**
   * Returns the same loss for these networks: chooses layers by a rule, and checks names and shapes. A run calls it once before training.
   * @throws TemperError for layers that do not exist or do not fit, with the path in the options.
   */
  forNetworks?(networks: LossNetworks): Loss;
  /** Names of the intermediate outputs it needs from each network. */
  readonly taps?: { readonly student: readonly string[]; readonly teacher: readonly string[] };
  /** Learned variables, for instance a projection between widths; made once per stage, trained with the student. */
  variables?(context: LossContext): Variables;
}
