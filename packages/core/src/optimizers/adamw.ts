import { z } from 'zod';
import type { Optimizer } from '../contracts/optimizer.js';
import { defineOptimizer } from '../kit/define.js';
import { scheduleWithin } from '../schedule-range.js';
import { adaptiveMoments } from './adaptive-moments.js';
import { chain } from './chain.js';
import { beta1, beta2, epsilon, learningRate, weightDecay } from './options.js';
import { decoupledWeightDecay } from './weight-decay.js';

/**
 * AdamW: Adam with weight decay separate from the gradient, so that the adaptive step does not weaken it.
 *
 * Formula: w ← (1 − ηλ)w − η · m̂ / (√v̂ + ε), with m̂ and v̂ as in `adam`. The decay is multiplied by the learning
 * rate, as in PyTorch; the paper uses a separate schedule.
 *
 * `decay: 'kernels'` excludes parameters of rank 0 and 1 (biases, normalisation), as is usual for transformers.
 * `variables`: those of `adam`.
 * @throws TemperError `config/invalid` for a beta outside of [0, 1), an ε below 1e-30, a negative rate or decay.
 * @see arXiv 1711.05101
 * @example adamw({ learningRate: 0.001, weightDecay: 0.05 })
 */
export const adamw = defineOptimizer({
  type: 'adamw',
  shorthand: 'learningRate',
  options: (ref) =>
    z.strictObject({
      learningRate: learningRate(ref),
      beta1,
      beta2,
      epsilon,
      weightDecay: weightDecay.default(0.01).describe('rate of the decay, multiplied by the learning rate'),
      decay: z.enum(['all', 'kernels']).default('all').describe('which parameters decay: all, or those of rank 2 and more'),
    }),
  create: ({ learningRate, weightDecay, decay, ...moments }): Optimizer =>
    chain(
      decoupledWeightDecay(weightDecay, ({ rank }) => decay === 'all' || rank >= 2),
      {
        learningRate: scheduleWithin(learningRate, { path: 'learningRate', min: 0 }),
        init: (parameters) => adaptiveMoments(parameters, moments),
      },
    ),
});
