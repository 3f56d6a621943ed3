import { tf } from '@temper/core';
import { entropyOf } from './graph.js';
import { matching } from './match.js';

/**
 * Temperature of the teacher per sample at which its entropy is what is asked for: `target` as a share of log(classes),
 * or, without a target, the entropy of the student at its own temperature. Solved to about 1e-5; where nothing between `min`
 * and `max` will do, the nearer of them. A constant for the gradient; `[..., 1]` for the teacher, a scalar for the student.
 * @example entropyMatched({ target: 0.6, student: 4 })
 */
export const entropyMatched = matching(
  'entropy-matched',
  {
    of: entropyOf,
    // dH/d(log T) is the variance of the energies.
    slope: ({ probabilities, energies, mean }) => tf.sum(tf.mul(probabilities, tf.square(tf.sub(energies, mean))), -1, true),
    target: (share, classes) => tf.mul(share, Math.log(classes)),
  },
  'teacher matched per sample in entropy[ to `target` of the largest possible][, student at `student`]',
);
