import { tf } from '@temper/core';
import { firstLargest } from './graph.js';
import { matching } from './match.js';

/**
 * Temperature of the teacher per sample at which its largest probability equals `target` or, without a target, the largest probability of
 * the student at its own temperature. Solved to about 1e-5 in log T; where no value between `min` and `max` solves it, the nearer bound is
 * used. No gradient passes through it. Shape `[..., 1]` for the teacher, a scalar for the student.
 * @example confidenceMatched({ target: 0.7 })
 */
export const confidenceMatched = matching(
  'confidence-matched',
  {
    // Uses the log odds of another class against the largest, which rise with T and stay accurate where the confidence is 1 up to rounding:
    // with R = Σ e^(energy) over the others it is 1/(1 + R).
    of: ({ energies }) => tf.logSumExp(others(energies), -1, true),
    slope: ({ energies }) => tf.neg(tf.sum(tf.mul(tf.softmax(others(energies)), energies), -1, true)),
    target: (share) => tf.log(tf.div(tf.sub(1, share), share)),
  },
  'teacher matched per sample in confidence[ to `target`][, student at `student`]',
);

/** Energies with that of the first largest hidden. */
const others = (energies: tf.Tensor): tf.Tensor => tf.add(energies, tf.mul(firstLargest(energies), -1e9));
