import { layers, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { NetworkShape } from '@temper/core';
import type { ResnetOptions } from '../options/resnet.js';
import { imageShape, initialWeights, inputOf, logitsLayer, misfit, networkFrom, through } from './building.js';
import { checkParameters, convolutionValues, denseValues } from './parameters.js';
import { BatchNorm } from '../layers/batch-norm.js';

/** The network of `resnet`. */
export function resnet({ widths, blocks }: ResnetOptions, shape: NetworkShape): LayersModel {
  const image = imageShape('resnet', shape);
  checkSize(shape, image, widths.length);
  checkParameters('resnet', shape, countOf({ widths, blocks }, image[2], shape.classes));
  const part = parts(shape);
  const input = inputOf(shape);
  const pixels = shape.inputShape.length === 3 ? input : through(input, layers.reshape({ name: 'grey', targetShape: [...image] }));
  let x = through(pixels, part.conv('stem_conv', widths[0] as number, 3, 1), part.norm('stem_norm'), part.relu('stem'));
  for (const [s, filters] of widths.entries()) {
    for (let b = 0; b < blocks; b++) x = block(part, `stage_${s + 1}_block_${b + 1}`, x, filters, s > 0 && b === 0 ? 2 : 1);
  }
  return networkFrom(shape, input, through(x, layers.globalAveragePooling2d({ name: 'features' }), logitsLayer(shape, part.initial)));
}

function countOf({ widths, blocks }: ResnetOptions, channels: number, classes: number): number {
  const convolution = (kernel: number, from: number, to: number): number => convolutionValues(kernel, from, to, false) + 2 * to;
  const stages = widths.map((width, i) => {
    const before = widths[i - 1] ?? width;
    const shortcut = i > 0 ? convolution(1, before, width) : 0;
    return convolution(3, before, width) + (2 * blocks - 1) * convolution(3, width, width) + shortcut;
  });
  const first = convolution(3, channels, widths[0] as number);
  return stages.reduce((sum, one) => sum + one, first) + denseValues(widths.at(-1) as number, classes);
}

type Parts = ReturnType<typeof parts>;

function parts(shape: NetworkShape) {
  const initial = initialWeights(shape);
  return {
    initial,
    conv: (name: string, filters: number, kernelSize: number, strides: number) =>
      layers.conv2d({ name, filters, kernelSize, strides, padding: 'same', useBias: false, kernelInitializer: initial.hidden(name) }),
    // Averages over about ten batches, since runs are often only hundreds of updates long.
    norm: (name: string) => new BatchNorm({ name, momentum: 0.9 }),
    relu: (name: string) => layers.activation({ name, activation: 'relu' }),
  };
}

function block(part: Parts, name: string, x: SymbolicTensor, filters: number, strides: number): SymbolicTensor {
  const changed = through(
    x,
    part.conv(`${name}_conv_1`, filters, 3, strides),
    part.norm(`${name}_norm_1`),
    part.relu(`${name}_relu`),
    part.conv(`${name}_conv_2`, filters, 3, 1),
    part.norm(`${name}_norm_2`),
  );
  const same = strides === 1 && x.shape.at(-1) === filters;
  const shortcut = same ? x : through(x, part.conv(`${name}_shortcut`, filters, 1, strides), part.norm(`${name}_shortcut_norm`));
  const sum = layers.add({ name: `${name}_sum` }).apply([changed, shortcut]) as SymbolicTensor;
  return through(sum, part.relu(name));
}

function checkSize(shape: NetworkShape, [height, across]: readonly number[], stages: number): void {
  const smallest = 2 ** (stages - 1);
  if (Math.min(height as number, across as number) >= smallest) return;
  throw misfit(
    'resnet',
    shape,
    `${stages} stages halve the image ${stages - 1} times, so it must be at least ${smallest}×${smallest}, got ${height}×${across}`,
    'Give fewer widths, or larger images.',
  );
}
