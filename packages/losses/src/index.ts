import { definePlugin } from '@temper/core';
import { crossEntropy } from './losses/cross-entropy.js';
import { kl } from './losses/kl.js';

export { crossEntropy, kl };

/** Every loss and weighting of this package, for `createKit({ plugins: [losses] })`. */
export const losses = definePlugin({ name: 'losses', provides: [crossEntropy, kl] });
