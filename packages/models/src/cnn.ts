import { defineModel } from '@temper/core';
import { networks } from '#networks';
import { cnnOptions } from './options/cnn.js';

/**
 * Convolutional network: for each entry of `channels` a convolution (same padding), σ and a 2×2 max pooling that
 * halves the image; then a perceptron of widths `dense`, then logits. Takes images `[h, w]` or `[h, w, c]`.
 * Layers: `conv_1`, `pool_1`, …, `dense_1`, …, `logits`.
 * @throws TemperError `model/invalid` where the image is too small for the kernel or for so many halvings, and for more than
 * `limits.parameters` values.
 * @example cnn({ channels: [16, 32] })({ inputShape: [28, 28], classes: 10, seed: 1, name: 'teacher' })
 */
export const cnn = defineModel({
  type: 'cnn',
  options: cnnOptions,
  create: (options) => (shape) => networks.cnn(options, shape),
});
