import { defineModel, limits } from '@temper/core';
import { z } from 'zod';
import { networks } from '#networks';
import { activationOption, dropoutOption, widthsOption } from './options.js';

const options = z.strictObject({
  channels: widthsOption.min(1).default([16, 32]),
  kernel: z.int().min(1).max(limits.kernel).default(3),
  dense: widthsOption.default([128]),
  activation: activationOption.default('relu'),
  dropout: dropoutOption.default(0),
});

/** What `cnn` is built by. */
export type CnnOptions = z.infer<typeof options>;

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
  options,
  create: (options) => (shape) => networks.cnn(options, shape),
});
