import { layers, type LayersModel } from '@tensorflow/tfjs-layers';
import type { NetworkShape } from '@temper/core';
import type { CnnOptions } from '../options/cnn.js';
import { denseStack, imageShape, initialWeights, inputOf, logitsLayer, misfit, networkFrom, through } from './building.js';
import { checkParameters, convolutionValues, stackValues } from './parameters.js';
import { dropout as dropoutLayer } from '../layers/dropout.js';

/** The network of `cnn`. */
export function cnn({ channels, kernel, dense, activation, dropout }: CnnOptions, shape: NetworkShape): LayersModel {
  const image = imageShape('cnn', shape);
  checkSize(shape, image, channels.length, kernel);
  checkParameters('cnn', shape, countOf({ channels, kernel, dense }, image, shape.classes));
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
}

function countOf(
  { channels, kernel, dense }: Pick<CnnOptions, 'channels' | 'kernel' | 'dense'>,
  [height, across, inputs]: readonly [number, number, number],
  classes: number,
): number {
  const convolutions = channels.reduce((sum, filters, i) => sum + convolutionValues(kernel, channels[i - 1] ?? inputs, filters, true), 0);
  const halved = (size: number): number => Math.floor(size / 2 ** channels.length);
  return convolutions + stackValues(halved(height) * halved(across) * (channels.at(-1) as number), [...dense, classes]);
}

/** Checks that every convolution gets an image that is as large as its kernel and can be halved. */
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
