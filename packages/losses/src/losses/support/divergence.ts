import { tf } from '@temper/core';
import { distribution } from './probabilities.js';
import { aligned, type Softened } from './softened.js';
import { withGradient } from './with-gradient.js';
import { withoutGradient } from './without-gradient.js';

/**
 * KL(softmax(teacher) ‖ softmax(student)), `[..., classes]` to `[...]`; exactly 0 where both are equal.
 *
 * With u = log(p/q)/2 the value is Σ p log(p/q) − (p − q) = Σ (p − q) u + (p + q)(u − tanh u). No term is a
 * difference of nearly equal numbers, so value and gradients stay accurate however near the two are.
 *
 * Gradients: q − p for the student, p (log(p/q) − KL) for the teacher.
 */
export function divergence(soft: Softened): tf.Tensor {
  return withGradient(
    [soft.teacher, soft.student],
    () => {
      const { p, both, u, excess, tanh, pull } = compared(soft);
      const value = information({ u, tanh, difference: pull, both });
      return { value, saved: { p, u, excess, pull, value } };
    },
    (dy, { p, u, excess, pull, value }) => {
      const upstream = tf.expandDims(dy, -1);
      const aboveMean = tf.sub(logRatio({ u, excess }), tf.expandDims(value, -1));
      return [tf.mul(tf.mul(p, aboveMean), upstream), tf.mul(pull, tf.neg(upstream))];
    },
  );
}

/** Σ x log(x/y) − (x − y) = Σ (x − y) u + (x + y)(u − tanh u), `[..., classes]` to `[...]`, from u = log(x/y)/2, x − y and x + y. */
export function information({
  u,
  tanh = tf.tanh(u),
  difference,
  both,
}: Readonly<Record<'u' | 'difference' | 'both', tf.Tensor>> & { readonly tanh?: tf.Tensor }): tf.Tensor {
  // Below that the terms are y, and large u would round it away.
  const bounded = tf.maximum(u, -9);
  return tf.add(tf.sum(tf.mul(difference, bounded), -1), tf.mul(tf.sum(tf.mul(both, thriceLessTanh(bounded, tanh)), -1), 1 / 3));
}

/**
 * Both distributions with p + q, u = log(p/q)/2, tanh u, and the student's gradient p − q = (p + q) tanh u, which stays accurate however
 * near the two are. All u share the rounding of one logarithm, the excess. It is known from Σ (p − q) = 0, and the gradient is computed
 * without it; then it has no effect on Σ (p − q) u.
 */
export function compared({ student, teacher, apart }: Softened): Compared {
  const [ofTeacher, ofStudent] = [distribution(teacher), distribution(student)];
  const [p, q] = [ofTeacher.probabilities, ofStudent.probabilities];
  const both = tf.add(p, q);
  const u = tf.mul(tf.add(apart, tf.log(tf.div(ofStudent.sum, ofTeacher.sum))), 0.5);
  const tanh = tf.tanh(u);
  const rough = tf.mul(both, tanh);
  const excess = tf.mul(tf.sum(rough, -1, true), 0.5);
  return { p, q, studentSum: ofStudent.sum, both, u, excess, tanh, pull: tf.sub(rough, tf.mul(both, excess)) };
}

type Compared = Readonly<Record<'p' | 'q' | 'studentSum' | 'both' | 'u' | 'excess' | 'tanh' | 'pull', tf.Tensor>>;

/** log(p/q), without the error that all of them share. */
export const logRatio = ({ u, excess }: Pick<Compared, 'u' | 'excess'>): tf.Tensor => tf.mul(tf.sub(u, excess), 2);

/** By how much the logarithms of the two sums of exponentials differ, as apart − log(p/q), `[..., 1]`: a constant. */
export function sumsApart(soft: Softened): tf.Tensor {
  return withoutGradient(() => {
    const { both, u, excess } = compared(aligned(soft));
    // The same for every class; the mean leaves out hidden classes.
    return tf.mul(tf.sum(tf.mul(both, tf.sub(soft.apart, logRatio({ u, excess }))), -1, true), 0.5);
  });
}

/** 3 (u − tanh u), held between tanh³ u and u³: for small u the difference is the rounding of tanh alone. */
function thriceLessTanh(u: tf.Tensor, tanh: tf.Tensor): tf.Tensor {
  const [one, other] = [tf.mul(u, tf.square(u)), tf.mul(tanh, tf.square(tanh))];
  return tf.maximum(tf.minimum(one, other), tf.minimum(tf.maximum(one, other), tf.mul(tf.sub(u, tanh), 3)));
}
