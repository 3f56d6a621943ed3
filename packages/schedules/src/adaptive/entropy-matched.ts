import { tf } from '@temper/core';
import { entropyOf } from './graph.js';
import { matching } from './match.js';

/**
 * Temperature of the teacher per sample at which its entropy equals `target`, as a share of log(classes), or, without a target, the entropy
 * of the student at its own temperature. Solved to about 1e-5; where no value between `min` and `max` solves it, the nearer bound is used.
 * No gradient passes through it. Shape `[..., 1]` for the teacher, a scalar for the student.
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
