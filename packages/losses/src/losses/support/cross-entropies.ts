import { tf } from '@temper/core';
import { compared } from './divergence.js';
import { alongSimplex, logProbabilities } from './probabilities.js';
import type { Softened } from './softened.js';
import { withGradient } from './with-gradient.js';
import { withoutGradient } from './without-gradient.js';

/**
 * Labels `[...]` as target distributions `[..., classes]`: (1 − ε)·onehot + ε/classes. A label outside of the
 * classes (by convention −100, for a position that is not counted) gives a row of zeros.
 */
export function hardTargets(labels: tf.Tensor, { shape }: tf.Tensor, smoothing = 0): tf.Tensor {
  const classes = shape[shape.length - 1] as number;
  return withoutGradient(() => {
    const integers = labels.dtype === 'int32' ? labels : tf.cast(labels, 'int32');
    const oneHot = tf.oneHot(integers, classes, 1, 0, 'float32');
    return smoothing === 0 ? oneHot : tf.add(tf.mul(oneHot, 1 - smoothing), tf.mul(tf.sum(oneHot, -1, true), smoothing / classes));
  });
}

/**
 * −Σ_c t_c log softmax(z)_c for constant targets, `[..., classes]` to `[...]`. A row of zeros has no value and no
 * gradient: q Σt − t instead of q − t, since such a sample must have no gradient.
 */
export function hardCrossEntropy(targets: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  return withGradient(
    [logits],
    () => {
      const q = tf.softmax(logits);
      return { value: tf.neg(tf.sum(tf.mul(targets, logProbabilities(logits, q)), -1)), saved: { targets, q } };
    },
    (dy, { targets: t, q }) => [tf.mul(tf.sub(tf.mul(q, tf.sum(t, -1, true)), t), tf.expandDims(dy, -1))],
  );
}

/** −Σ_c softmax(teacher)_c log softmax(student)_c, `[..., classes]` to `[...]`; gradients reach both sides. */
export function softCrossEntropy(soft: Softened): tf.Tensor {
  return withGradient(
    [soft.teacher, soft.student],
    () => {
      const { p, studentSum, pull } = compared(soft);
      const information = tf.sub(tf.log(studentSum), soft.student);
      return { value: tf.sum(tf.mul(p, information), -1), saved: { p, pull, information } };
    },
    (dy, { p, pull, information }) => {
      const upstream = tf.expandDims(dy, -1);
      return [tf.mul(alongSimplex(p, information), upstream), tf.mul(pull, tf.neg(upstream))];
    },
  );
}
