import * as tf from '@tensorflow/tfjs-core';
import { matching } from './match.js';

/**
 * Temperature of the teacher per sample at which its largest probability is what is asked for: `target`, or, without a
 * target, that of the student at its own temperature. Solved to about 1e-5; where nothing between `min` and `max` will
 * do, the nearer of them. A constant for the gradient; `[..., 1]` for the teacher, a scalar for the student.
 * @example confidenceMatched({ target: 0.7 })
 */
export const confidenceMatched = matching(
  'confidence-matched',
  {
    // A softness rises with T, so the confidence counts negative: d(−c)/d(log T) = −c·mean energy.
    of: ({ confidence }) => tf.neg(confidence),
    slope: ({ confidence, mean }) => tf.neg(tf.mul(confidence, mean)),
    target: (share) => tf.neg(share),
  },
  'teacher matched per sample in confidence[ to `target`][, student at `student`]',
);
