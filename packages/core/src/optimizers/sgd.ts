import { tf } from '#libraries';
import { z } from 'zod';
import type { Optimizer } from '../contracts/optimizer.js';
import { defineOptimizer } from '../kit/define.js';
import { scheduleWithin } from '../schedule-range.js';
import { learningRate, momentum, weightDecay } from './options.js';
import { forEachParameter, nameSlots, zeroSlots } from './slots.js';

/**
 * Stochastic gradient descent, with optional momentum and weight decay.
 *
 * Formula, with g the gradient, η the learning rate, μ the momentum, λ the weight decay:
 * g ← g + λw; v ← μv + g; w ← w − ηv, or with `nesterov` w ← w − η(g + μv).
 * Weight decay is the gradient of λ/2·‖w‖², so it passes through the momentum, as in PyTorch.
 *
 * `variables`: `momentum/i` for each parameter, none where the momentum is 0.
 * @throws TemperError `config/invalid` for a momentum outside of [0, 1), a negative rate or decay, or `nesterov` alone.
 * @see Sutskever et al., 2013, for both forms of momentum
 * @example
 * const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });
 * const state = optimizer.init(parameters);
 * state.apply(gradients, tf.scalar(optimizer.learningRate({ step: 0, total: 100 })));
 */
export const sgd = defineOptimizer({
  type: 'sgd',
  shorthand: 'learningRate',
  options: (ref) =>
    z
      .strictObject({
        learningRate: learningRate(ref),
        momentum: momentum.default(0),
        nesterov: z.boolean().default(false).describe('use Nesterov momentum'),
        weightDecay: weightDecay.default(0).describe('rate of the decay, added to the gradient'),
      })
      .refine((given) => !given.nesterov || given.momentum > 0, { path: ['nesterov'], message: 'needs a momentum above 0' }),
  create: ({ learningRate, momentum, nesterov, weightDecay }): Optimizer => ({
    learningRate: scheduleWithin(learningRate, { path: 'learningRate', min: 0 }),
    init(parameters) {
      const slots = momentum === 0 ? [] : zeroSlots(parameters);
      return {
        variables: nameSlots('momentum', slots),
        apply: (gradients, rate) =>
          tf.tidy(() => {
            const decay = tf.scalar(weightDecay);
            const kept = tf.scalar(momentum);
            forEachParameter(parameters, (parameter, index) => {
              const gradient = gradients[index] as tf.Tensor;
              let step = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(parameter, decay));
              const slot = slots[index];
              if (slot !== undefined) {
                slot.assign(tf.add(tf.mul(slot, kept), step));
                step = nesterov ? tf.add(step, tf.mul(slot, kept)) : slot;
              }
              parameter.assign(tf.sub(parameter, tf.mul(step, rate)));
            });
          }),
      };
    },
  }),
});
