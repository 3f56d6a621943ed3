import { tf } from '#libraries';
import type { GradientTransform } from '../contracts/optimizer.js';
import { TemperError } from '../errors.js';
import { forEachParameter } from './slots.js';

/**
 * Weight decay separate from the gradient, so that later links of the chain do not change its strength.
 *
 * Formula: w ← (1 − ηλ)w before the update, with η the learning rate.
 * @param rate λ, at least 0.
 * @param decays Which parameters decay. Default: all.
 * @throws TemperError `config/invalid` for a rate that is not a finite number of at least 0.
 * @see arXiv 1711.05101
 * @example chain(decoupledWeightDecay(0.01, ({ rank }) => rank >= 2), adam(0.001))
 */
export function decoupledWeightDecay(rate: number, decays: (parameter: tf.Variable) => boolean = () => true): GradientTransform {
  if (!(rate >= 0 && rate < Infinity)) {
    throw new TemperError({
      code: 'config/invalid',
      path: 'weightDecay',
      message: `must be a finite number of at least 0, got ${String(rate)}`,
    });
  }
  return {
    init(parameters) {
      const decayed = rate === 0 ? [] : parameters.filter(decays);
      return {
        variables: {},
        apply(gradients, next, { learningRate }) {
          if (decayed.length > 0) {
            tf.tidy(() => {
              const left = tf.sub(1, tf.mul(learningRate, rate));
              forEachParameter(decayed, (parameter) => parameter.assign(tf.mul(parameter, left)));
            });
          }
          next(gradients);
        },
      };
    },
  };
}
