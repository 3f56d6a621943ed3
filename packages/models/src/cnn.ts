import { layers } from '@tensorflow/tfjs-layers';
import { defineModel, type NetworkShape } from '@temper/core';
import { z } from 'zod';
import {
  activationOption,
  denseStack,
  dropoutOption,
  imageShape,
  initialWeights,
  inputOf,
  logitsLayer,
  misfit,
  networkFrom,
  through,
  widthOption,
} from './building.js';
import { dropout as dropoutLayer } from './layers/dropout.js';

/**
 * Convolutional network: for each entry of `channels` a convolution (same padding), σ and a 2×2 max pooling that
 * halves the image; then a perceptron of widths `dense`, then logits. Takes images `[h, w]` or `[h, w, c]`.
 * Layers: `conv_1`, `pool_1`, …, `dense_1`, …, `logits`.
 * @throws TemperError `model/invalid` where the image is too small for the kernel or for so many halvings.
 * @example cnn({ channels: [16, 32] })({ inputShape: [28, 28], classes: 10, seed: 1, name: 'teacher' })
 */
export const cnn = defineModel({
  type: 'cnn',
  options: z.strictObject({
    channels: z.array(widthOption).min(1).default([16, 32]),
    kernel: z.int().min(1).default(3),
    dense: z.array(widthOption).default([128]),
    activation: activationOption.default('relu'),
    dropout: dropoutOption.default(0),
  }),
  create:
    ({ channels, kernel, dense, activation, dropout }) =>
    (shape) => {
      const image = imageShape('cnn', shape);
      checkSize(shape, image, channels.length, kernel);
      const initial = initialWeights(shape);
      const input = inputOf(shape);
      const pixels = shape.inputShape.length === 3 ? input : through(input, layers.reshape({ name: 'grey', targetShape: [...image] }));
      const maps = channels.reduce((x, filters, i) => {
        const name = `conv_${i + 1}`;
        return through(
          x,
          layers.conv2d({ name, filters, kernelSize: kernel, padding: 'same', activation, kernelInitializer: initial.hidden(name) }),
          layers.maxPooling2d({ name: `pool_${i + 1}`, poolSize: 2 }),
        );
      }, pixels);
      const flat = through(maps, layers.flatten({ name: 'flatten' }), ...dropoutLayer('dropout_0', dropout, 0));
      const features = denseStack(flat, 'dense', { widths: dense, activation, rate: dropout }, initial);
      return networkFrom(shape, input, through(features, logitsLayer(shape, initial)));
    },
});

/** Every convolution must find an image that its kernel fits in and that can be halved. */
function checkSize(shape: NetworkShape, [height, across]: readonly number[], convolutions: number, kernel: number): void {
  for (let i = 0, h = height as number, w = across as number; i < convolutions; i++, h = h >> 1, w = w >> 1) {
    const reached = `the ${h}×${w} image that reaches conv_${i + 1} (${height}×${across}${i === 0 ? '' : `, halved ${i} times`})`;
    if (kernel > Math.min(h, w))
      throw misfit(
        'cnn',
        shape,
        `a kernel of ${kernel}×${kernel} is larger than ${reached}`,
        'Choose a smaller kernel, fewer channels entries or larger images.',
      );
    if (Math.min(h, w) < 2)
      throw misfit('cnn', shape, `${reached} cannot be halved`, 'Each entry of channels halves the image: give fewer, or larger images.');
  }
}
