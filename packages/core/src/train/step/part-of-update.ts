import * as tf from '@tensorflow/tfjs-core';
import type { Inputs } from './parts.js';

/**
 * A micro-batch's part of a mean over the update: its own mean times its share of what counts, of samples for values `[batch]`, of
 * positions for values (and numbers of the whole batch) in the shape of the labels. A whole batch is all of its update.
 */
export function partOf(inputs: Inputs, rankOfLabels: number): (mean: tf.Tensor, rank?: number) => tf.Tensor {
  return (mean, rank = 0) => {
    const share = inputs[`share.${rank === 0 ? rankOfLabels : Math.min(rank, rankOfLabels)}`];
    return share === undefined ? mean : tf.mul(mean, share);
  };
}
