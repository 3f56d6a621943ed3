import { tf } from '#libraries';
import type { Optimizer } from '../contracts/optimizer.js';
import type { Schedule } from '../contracts/schedule.js';
import { forEachParameter } from './slots.js';

/** Plain gradient descent at the end of a chain: w ← w − η·g, without state. */
export const descent = (learningRate: Schedule): Optimizer => ({
  learningRate,
  init: (parameters) => ({
    variables: {},
    apply: (gradients, rate) =>
      forEachParameter(parameters, (parameter, i) => parameter.assign(tf.sub(parameter, tf.mul(gradients[i] as tf.Tensor, rate)))),
  }),
});
