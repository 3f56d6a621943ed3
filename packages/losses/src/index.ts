import { definePlugin } from '@temper/core';
import { crossEntropy } from './losses/cross-entropy.js';
import { kl } from './losses/kl.js';
import { alpha } from './weightings/alpha.js';
import { constantWeights } from './weightings/constant.js';
import { linearWeights } from './weightings/linear.js';

export { crossEntropy, kl };
export { alpha, constantWeights, linearWeights };

/** Every loss and weighting of this package, for `createKit({ plugins: [losses] })`. */
export const losses = definePlugin({ name: 'losses', provides: [crossEntropy, kl, alpha, constantWeights, linearWeights] });
