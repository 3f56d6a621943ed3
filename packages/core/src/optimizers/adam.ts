import { z } from 'zod';
import type { Optimizer } from '../contracts/optimizer.js';
import { defineOptimizer } from '../kit/define.js';
import { scheduleWithin } from '../schedule-range.js';
import { adaptiveMoments } from './adaptive-moments.js';
import { beta1, beta2, epsilon, learningRate } from './options.js';

/**
 * Adam: steps by the mean gradient over the root of the mean squared gradient, element by element.
 *
 * Formula, with t the update's number from 1: m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²;
 * w ← w − η · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε).
 *
 * `variables`: `firstMoment/i` and `secondMoment/i` for each parameter (the sums Σβᵃᵍᵉ·g and Σβᵃᵍᵉ·g², that is m and v
 * over 1 − β), and the sums of their weights. ε is 1e-8 by default, as in the paper and PyTorch (tf.train: 1e-7).
 * @throws TemperError `config/invalid` for a beta outside of [0, 1), an ε below 1e-30 or a negative rate.
 * @see arXiv 1412.6980
 * @example
 * const optimizer = adam(0.001);
 * const state = optimizer.init(parameters);
 * state.apply(gradients, tf.scalar(optimizer.learningRate({ step: 0, total: 100 })));
 */
export const adam = defineOptimizer({
  type: 'adam',
  shorthand: 'learningRate',
  options: (ref) => z.strictObject({ learningRate: learningRate(ref), beta1, beta2, epsilon }),
  create: ({ learningRate, ...moments }): Optimizer => ({
    learningRate: scheduleWithin(learningRate, { path: 'learningRate', min: 0 }),
    init: (parameters) => adaptiveMoments(parameters, moments),
  }),
});
