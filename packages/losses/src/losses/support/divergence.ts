import * as tf from '@tensorflow/tfjs-core';
import { distribution, type Distribution } from './probabilities.js';
import { aligned, type Softened } from './softened.js';
import { withGradient } from './with-gradient.js';
import { withoutGradient } from './without-gradient.js';

/**
 * KL(softmax(teacher) ‖ softmax(student)), `[..., classes]` to `[...]`; exactly 0 where both are equal.
 *
 * With u = log(p/q)/2 the value is Σ p log(p/q) − (p − q) = Σ (p + q)(u tanh u + u − tanh u). No
 * term is below 0 and none is a difference of nearly equal numbers, so value and gradients keep their digits however near the two
 * are.
 *
 * Gradients: q − p for the student, p (log(p/q) − KL) for the teacher.
 */
export function divergence({ student, teacher, apart }: Softened): tf.Tensor {
  return withGradient(
    [teacher, student],
    () => {
      const { p, both, u, tanh, pull } = compared(distribution(teacher), distribution(student), apart);
      // Below that the terms are p + q, and large u would round it away.
      const bounded = tf.maximum(u, -9);
      const value = tf.sum(tf.add(tf.mul(pull, bounded), tf.mul(both, lessTanh(bounded, tanh))), -1);
      return { value, saved: { p, u, pull, value } };
    },
    (dy, { p, u, pull, value }) => {
      const upstream = tf.expandDims(dy, -1);
      const information = tf.sub(tf.mul(u, 2), tf.expandDims(value, -1));
      return [tf.mul(tf.mul(p, information), upstream), tf.mul(pull, tf.neg(upstream))];
    },
  );
}

/**
 * Two distributions as p + q, u = log(p/q)/2, tanh u, and the student's pull p − q = (p + q) tanh u, which keeps its digits however
 * near the two are. All u share the rounding of one logarithm, which Σ (p − q) = 0 takes off.
 */
export function compared(teacher: Distribution, student: Distribution, apart: tf.Tensor): Readonly<Record<'p' | 'both' | 'u' | 'tanh' | 'pull', tf.Tensor>> {
  const p = teacher.probabilities;
  const both = tf.add(p, student.probabilities);
  const rough = tf.mul(tf.add(apart, tf.log(tf.div(student.sum, teacher.sum))), 0.5);
  const roughTanh = tf.tanh(rough);
  const excess = tf.mul(tf.sum(tf.mul(both, roughTanh), -1, true), 0.5);
  const [u, tanh] = [tf.sub(rough, excess), tf.sub(roughTanh, excess)];
  return { p, both, u, tanh, pull: tf.mul(both, tanh) };
}

/** By how much the logarithms of the two sums of exponentials differ, as apart − log(p/q), `[..., 1]`: a constant. */
export function sumsApart(soft: Softened): tf.Tensor {
  return withoutGradient(() => {
    const { student, teacher, apart } = aligned(soft);
    const { both, u } = compared(distribution(teacher), distribution(student), apart);
    // The same for every class; the mean sees none that is hidden.
    return tf.mul(tf.sum(tf.mul(both, tf.sub(soft.apart, tf.mul(u, 2))), -1, true), 0.5);
  });
}

/** u − tanh u, held between u³/3 − 2u⁵/15 and u³/3: for small u the difference is the rounding of tanh alone. */
function lessTanh(u: tf.Tensor, tanh: tf.Tensor): tf.Tensor {
  const square = tf.square(u);
  const cubic = tf.mul(tf.mul(u, square), 1 / 3);
  const quintic = tf.mul(cubic, tf.sub(1, tf.mul(square, 0.4)));
  return tf.maximum(tf.minimum(cubic, quintic), tf.minimum(tf.maximum(cubic, quintic), tf.sub(u, tanh)));
}
