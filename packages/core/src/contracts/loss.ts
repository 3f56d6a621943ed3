import type * as tf from '@tensorflow/tfjs-core';
import type { Progress } from '../progress.js';
import type { Taps } from './network.js';
import type { Scalars, ScalarTensors, Temperature, VariableContext, Variables } from './schedule.js';

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
  /** Numbers that change during training, for instance a warm-up; the loss gets them as `scalars`. */
  scalars?(at: Progress): Scalars;
  /** Names of the intermediate outputs it needs from each network. */
  readonly taps?: { readonly student: readonly string[]; readonly teacher: readonly string[] };
  /** Learned variables, for instance a projection between widths; made once per stage, trained with the student. */
  variables?(context: LossContext): Variables;
}
