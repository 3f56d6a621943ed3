import * as tf from '@tensorflow/tfjs-core';
import type { Inputs } from './parts.js';

/**
 * Returns a function that scales a micro-batch's mean to its part of the update's mean: its own mean times its share of what counts. The
 * share is that of samples for values `[batch]`, and of positions for values in the shape of the labels and for numbers of the whole
 * batch. A whole batch is the complete update.
 */
export function partOf(inputs: Inputs, rankOfLabels: number): (mean: tf.Tensor, rank?: number) => tf.Tensor {
  return (mean, rank = 0) => {
    const share = inputs[`share.${rank === 0 ? rankOfLabels : Math.min(rank, rankOfLabels)}`];
    return share === undefined ? mean : tf.mul(mean, share);
  };
}
