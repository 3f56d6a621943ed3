import { defineModel } from '@temper/core';
import { networks } from '#networks';
import { resnetOptions } from './options/resnet.js';

/**
 * Residual network for small images: a 3×3 convolution, then one stage for each entry of `widths` with `blocks`
 * residual blocks y = relu(x + F(x)), F = conv–norm–relu–conv–norm, then the mean over the image and logits. Every
 * stage after the first halves the image; where a block changes the shape, its shortcut is a 1×1 convolution
 * with batch normalisation, elsewhere the identity. `[16, 32, 64]` with 3 blocks is ResNet-20.
 * Takes images `[h, w]` or `[h, w, c]`. Layers to tap: `stage_1_block_1`, …, `features` (the pooled ones), `logits`.
 * @throws TemperError `model/invalid` where the image is too small for so many stages, and for more than `limits.parameters` values.
 * @see arXiv 1512.03385
 * @example resnet({ widths: [16, 32, 64], blocks: 3 })({ inputShape: [32, 32, 3], classes: 100, seed: 1, name: 'teacher' })
 */
export const resnet = defineModel({
  type: 'resnet',
  options: resnetOptions,
  create: (options) => (shape) => networks.resnet(options, shape),
});
