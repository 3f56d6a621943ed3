import { tf, type LossInputs } from '@temper/core';
import type { Rows } from './rows.js';
import { withoutGradient } from './without-gradient.js';

/** 1 for the pairs of a kind, `[B, B]`. */
export interface Pairs {
  readonly same: tf.Tensor;
  readonly negative: tf.Tensor;
  readonly counted: tf.Tensor;
}

/** Which pairs are positive and negative: a sample of unknown class (a label below 0) has all others as negatives. */
export function contrastedPairs({ student, counted }: Rows, labels: LossInputs['labels']): Pairs {
  const samples = student.shape[0] as number;
  const own = tf.eye(samples);
  const known = counted ?? tf.ones([samples]);
  const both = tf.mul(tf.expandDims(known, 1), tf.expandDims(known, 0));
  const others = tf.sub(1, own);
  if (labels === undefined) return { same: tf.mul(own, both), negative: tf.mul(others, both), counted: both };
  const classes = tf.reshape(labels, [samples]);
  const equal = tf.logicalAnd(
    tf.equal(tf.expandDims(classes, 1), tf.expandDims(classes, 0)),
    tf.greaterEqual(tf.expandDims(classes, 1), 0),
  );
  const unlike = tf.mul(others, tf.sub(1, tf.cast(equal, 'float32')));
  return { same: tf.mul(own, both), negative: tf.mul(unlike, both), counted: both };
}

/** The logarithm of the mean of the exponentials over all counted pairs, a constant. */
export function levelOf(similar: tf.Tensor, { counted }: Pairs): tf.Tensor {
  return withoutGradient(() => {
    // Largest first, so that no exponential overflows.
    const largest = tf.max(similar);
    const sum = tf.sum(tf.mul(tf.exp(tf.sub(similar, largest)), counted));
    return tf.add(largest, tf.log(tf.maximum(tf.div(sum, tf.maximum(tf.sum(counted), 1)), smallest)));
  });
}

/** −log h of positive pairs and −log(1 − h) of negative ones, for the anchors of both sides, summed and divided by the samples. */
export function contrast(similar: tf.Tensor, level: tf.Tensor, { same, negative }: Pairs, count: Rows['count']): tf.Tensor {
  const fromAnchors = (axis: 0 | 1): tf.Tensor => {
    const negatives = tf.maximum(tf.sum(negative, axis, true), 1);
    const odds = tf.sub(tf.sub(similar, level), tf.log(negatives));
    // −log h = softplus(−odds), −log(1 − h) = softplus(odds).
    return tf.sum(tf.add(tf.mul(tf.softplus(tf.neg(odds)), same), tf.mul(tf.softplus(odds), negative)));
  };
  return tf.div(tf.add(fromAnchors(1), fromAnchors(0)), count);
}

/** Keeps the logarithm finite for a batch without counted samples. */
const smallest = 1e-30;
