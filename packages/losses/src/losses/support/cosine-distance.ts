import { tf } from '@temper/core';
import { lengthOf, unitDifference } from './unit-difference.js';
import { withGradient } from './with-gradient.js';

/** Added to the product of the norms, so that vectors of zeros have similarity 0. */
const epsilon = 1e-8;
/** Norms whose squares underflow count as this long, which keeps value and gradient finite. */
const shortest = 1e-20;

/**
 * 1 − Σ x·y / (‖x‖·‖y‖ + 1e-8) along an axis.
 *
 * Unit vectors u and v of similar (or opposite) direction agree in most digits, and so do their products. Therefore value and gradients are
 * computed from their difference d = u ∓ v, where ½‖d‖² = 1 ∓ cos, and from the share of the lengths that the 1e-8 takes.
 */
export function cosineDistance(x: tf.Tensor, y: tf.Tensor, axis: number): tf.Tensor {
  return withGradient(
    [x, y],
    () => {
      const [ofX, ofY] = [lengthOf(x, axis, shortest), lengthOf(y, axis, shortest)];
      const lengths = tf.mul(ofX, ofY);
      const product = tf.add(lengths, epsilon);
      const [kept, lost] = [tf.div(lengths, product), tf.div(epsilon, product)];
      const isAlong = tf.greaterEqual(tf.sum(tf.mul(x, y), axis, true), 0);
      const sign = tf.where(isAlong, tf.onesLike(ofX), -1);
      const facing = tf.mul(y, sign);
      const d = unitDifference(x, ofX, facing, ofY, axis);
      const h = tf.mul(tf.sum(tf.square(d), axis, true), 0.5);
      const similarity = tf.sub(1, h);
      const value = tf.where(isAlong, tf.add(lost, tf.mul(kept, h)), tf.add(1, tf.mul(kept, similarity)));
      const shrinking = tf.mul(lost, similarity);
      return { value: tf.squeeze(value, [axis]), saved: { x, facing, ofX, ofY, product, sign, d, shrinking } };
    },
    (dy, { x: own, facing, ofX, ofY, product, sign, d, shrinking }) => {
      const upstream = tf.div(tf.expandDims(dy, axis), product);
      // A change along a vector changes its length alone, which affects only the term with 1e-8.
      const turning = (apart: tf.Tensor, unit: tf.Tensor): tf.Tensor =>
        tf.sub(apart, tf.mul(unit, tf.add(tf.sum(tf.mul(apart, unit), axis, true), shrinking)));
      return [
        tf.mul(turning(d, tf.div(own, ofX)), tf.mul(upstream, tf.mul(sign, ofY))),
        tf.mul(turning(tf.neg(d), tf.div(facing, ofY)), tf.mul(upstream, ofX)),
      ];
    },
  );
}
