import { defineModel } from '@temper/core';
import { z } from 'zod';
import { networks } from '#networks';
import { layersOption, widthsOption } from './options.js';

const options = z.strictObject({
  widths: widthsOption.min(1).default([16, 32, 64]),
  blocks: layersOption.default(1),
});

/** What `resnet` is built by. */
export type ResnetOptions = z.infer<typeof options>;

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
  options,
  create: (options) => (shape) => networks.resnet(options, shape),
});
