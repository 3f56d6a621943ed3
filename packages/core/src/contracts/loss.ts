import type * as tf from '@tensorflow/tfjs-core';
import type { Progress } from '../progress.js';
import type { Scalars, ScalarTensors, Temperature } from './schedule.js';

/** What a loss is given: logits `[..., classes]`, integer labels `[...]`. */
export interface LossInputs {
  readonly student: tf.Tensor;
  /** Absent where a run has no teacher; a loss that needs it lists it in `needs`. */
  readonly teacher?: tf.Tensor;
  readonly labels?: tf.Tensor;
  /** A number is accepted where a loss is used by hand. */
  readonly temperature?: Temperature | number;
  /** 1 = counted, shape of the labels. Only losses over the whole batch need it: the loop masks per-sample values. */
  readonly mask?: tf.Tensor;
  /** The loss's own host numbers (see `scalars`), as tensors. */
  readonly scalars?: ScalarTensors;
  /** Temperature at the stage's first update, for `scale: 'initial'`; absent for temperatures that depend on the batch. */
  readonly initialTemperature?: number;
}

/**
 * A loss on logits: returns one value per sample (shape of the labels) where it has them, else one for the batch.
 * The loop masks, reduces and weighs. Further properties say what it needs.
 */
export interface Loss {
  (x: LossInputs): tf.Tensor;
  /** Inputs without which it cannot be computed; `labels` and `teacher` are checked before training. */
  readonly needs?: readonly ('labels' | 'teacher')[];
  /** Numbers that change during training, for instance a warm-up; the loss gets them as `scalars`. */
  scalars?(at: Progress): Scalars;
}
