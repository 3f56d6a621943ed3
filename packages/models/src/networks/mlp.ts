import { layers, type LayersModel } from '@tensorflow/tfjs-layers';
import { sizeOf, type NetworkShape } from '@temper/core';
import type { MlpOptions } from '../options/mlp.js';
import { denseStack, initialWeights, inputOf, logitsLayer, networkFrom, through } from './building.js';
import { checkParameters, stackValues } from './parameters.js';

/** The network of `mlp`. */
export function mlp({ hidden, activation, dropout }: MlpOptions, shape: NetworkShape): LayersModel {
  const width = sizeOf(shape.inputShape);
  checkParameters('mlp', shape, stackValues(width, [...hidden, shape.classes]));
  const initial = initialWeights(shape);
  const input = inputOf(shape);
  const flat = through(input, layers.reshape({ name: 'flatten', targetShape: [width] }));
  const features = denseStack(flat, 'hidden', { widths: hidden, activation, rate: dropout }, initial);
  return networkFrom(shape, input, through(features, logitsLayer(shape, initial)));
}
