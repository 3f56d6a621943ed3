import type * as tf from '@tensorflow/tfjs-core';
import type { Progress } from '../progress.js';
import type { Taps } from './network.js';
import type { Scalars, ScalarTensors, Temperature, VariableContext, Variables } from './schedule.js';

/** What a loss is given: logits `[..., classes]`, integer labels `[...]`. */
export interface LossInputs {
  readonly student: tf.Tensor;
  /** Absent where a run has no teacher; a loss that needs it lists it in `needs`. */
  readonly teacher?: tf.Tensor;
  readonly labels?: tf.Tensor;
  /** A number is accepted where a loss is used by hand. */
  readonly temperature?: Temperature | number;
  /**
   * 1 = counted, shape of the labels; absent where all positions count. In a run it also leaves out labels of −100. Only losses
   * over the whole batch need it: the loop masks per-sample values.
   */
  readonly mask?: tf.Tensor;
  /** The loss's own host numbers (see `scalars`), as tensors. */
  readonly scalars?: ScalarTensors;
  /** Temperature at the stage's first update, for `scale: 'initial'`; absent for temperatures that depend on the batch. */
  readonly initialTemperature?: number;
  /** The loss's own learned variables (see `variables`). */
  readonly variables?: Variables;
  /** Intermediate outputs the loss asked for (see `taps`), by layer name. */
  readonly taps?: { readonly student: Taps; readonly teacher: Taps };
}

/** What a loss may need to know to make its variables. */
export interface LossContext extends VariableContext {
  /** Shapes of the taps asked for, without the batch. */
  readonly tapShapes: {
    readonly student: Readonly<Record<string, readonly number[]>>;
    readonly teacher: Readonly<Record<string, readonly number[]>>;
  };
}

/**
 * A loss on logits: returns one value per position (shape of the labels, or of their first dimensions) where it has them, else one for
 * the batch. The loop masks, takes the mean over what counts and weighs. Further properties say what it needs.
 */
export interface Loss {
  (x: LossInputs): tf.Tensor;
  /** Inputs without which it cannot be computed; `labels` and `teacher` are checked before training. */
  readonly needs?: readonly ('labels' | 'teacher')[];
  /**
   * True where a sample's value depends on the other samples of its batch: the loop then warns where `accumulate` splits batches. A
   * loss with one value for the batch is treated so unless it says false, because its value is a mean over what counts.
   */
  readonly acrossSamples?: boolean;
  /** Numbers that change during training, for instance a warm-up; the loss gets them as `scalars`. */
  scalars?(at: Progress): Scalars;
  /** Names of the intermediate outputs it needs from each network. */
  readonly taps?: { readonly student: readonly string[]; readonly teacher: readonly string[] };
  /** Learned variables, for instance a projection between widths; made once per stage, trained with the student. */
  variables?(context: LossContext): Variables;
}
