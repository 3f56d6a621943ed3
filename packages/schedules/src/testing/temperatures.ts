import * as tf from '@tensorflow/tfjs-core';
import type { Progress } from '@temper/core';

/** The place of a step in a stage. */
export const at = (step: number, total = 100): Progress => ({ step, total });
/** Logits of two samples. */
export const student = () =>
  tf.tensor2d([
    [1, 2, 3],
    [0, 5, 1],
  ]);
export const teacher = () =>
  tf.tensor2d([
    [3, 2, 1],
    [0, 9, 1],
  ]);
