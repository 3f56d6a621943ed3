import { tf } from '#libraries';
import type { OptimizerState } from '../contracts/optimizer.js';
import { forEachParameter, nameSlots, zeroSlots, zeroVariable } from './slots.js';

export interface AdaptiveMoments {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/**
 * The update of Adam and AdamW. Both bias-corrected moments are means of what was seen, weighted by βᵃᵍᵉ, so each is
 * kept as a sum and the sum of its weights: m̂ = Σβ₁ᵃᵍᵉ·g / Σβ₁ᵃᵍᵉ, v̂ = Σβ₂ᵃᵍᵉ·g² / Σβ₂ᵃᵍᵉ. That is the usual
 * correction by 1 − βᵗ exactly, without its cancellation in float32 and with two operations less for each parameter.
 * The sums of weights n₁, n₂ are scalars, and fold into the rate: η·m̂ / (√v̂ + ε) = (η√n₂/n₁)·m / (√v + ε√n₂).
 */
export function adaptiveMoments(parameters: readonly tf.Variable[], options: AdaptiveMoments): OptimizerState {
  const { beta1, beta2, epsilon } = options;
  const first = zeroSlots(parameters);
  const second = zeroSlots(parameters);
  const firstWeights = zeroVariable();
  const secondWeights = zeroVariable();
  return {
    variables: {
      ...nameSlots('firstMoment', first),
      ...nameSlots('secondMoment', second),
      'firstMoment/weights': firstWeights,
      'secondMoment/weights': secondWeights,
    },
    apply: (gradients, learningRate) =>
      tf.tidy(() => {
        const b1 = tf.scalar(beta1);
        const b2 = tf.scalar(beta2);
        const one = tf.scalar(1);
        firstWeights.assign(tf.add(tf.mul(firstWeights, b1), one));
        secondWeights.assign(tf.add(tf.mul(secondWeights, b2), one));
        const root = tf.sqrt(secondWeights);
        const rate = tf.div(tf.mul(learningRate, root), firstWeights);
        const floor = tf.mul(root, epsilon);
        forEachParameter(parameters, (parameter, index) => {
          const gradient = gradients[index] as tf.Tensor;
          const m = first[index] as tf.Variable;
          const v = second[index] as tf.Variable;
          m.assign(tf.add(tf.mul(m, b1), gradient));
          v.assign(tf.add(tf.mul(v, b2), tf.square(gradient)));
          const step = tf.mul(tf.div(m, tf.add(tf.sqrt(v), floor)), rate);
          parameter.assign(tf.sub(parameter, step));
        });
      }),
  };
}
