import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './with-gradient.js';

/** Added to the product of the norms, so that vectors of zeros have similarity 0. */
const epsilon = 1e-8;
/** Norms whose squares underflow count as this long in the gradient, which stays finite and as good as 0. */
const shortest = 1e-20;

/** Σ x·y / (‖x‖·‖y‖ + 1e-8) along an axis. */
export function cosineSimilarity(x: tf.Tensor, y: tf.Tensor, axis: number): tf.Tensor {
  return withGradient(
    [x, y],
    () => {
      const [ofX, ofY] = [norm(x, axis), norm(y, axis)];
      const product = tf.add(tf.mul(ofX, ofY), epsilon);
      const similarity = tf.div(tf.sum(tf.mul(x, y), axis, true), product);
      return { value: tf.squeeze(similarity, [axis]), saved: { x, y, ofX, ofY, product, similarity } };
    },
    (dy, saved) => {
      const upstream = tf.div(tf.reshape(dy, saved.product.shape), saved.product);
      const along = (own: tf.Tensor, ownNorm: tf.Tensor, otherNorm: tf.Tensor): tf.Tensor =>
        tf.mul(own, tf.div(tf.mul(saved.similarity, otherNorm), tf.maximum(ownNorm, shortest)));
      return [
        tf.mul(upstream, tf.sub(saved.y, along(saved.x, saved.ofX, saved.ofY))),
        tf.mul(upstream, tf.sub(saved.x, along(saved.y, saved.ofY, saved.ofX))),
      ];
    },
  );
}

const norm = (x: tf.Tensor, axis: number): tf.Tensor => tf.sqrt(tf.sum(tf.square(x), axis, true));
