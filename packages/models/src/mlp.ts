import { layers } from '@tensorflow/tfjs-layers';
import { defineModel } from '@temper/core';
import { z } from 'zod';
import { activationOption, denseStack, dropoutOption, initialWeights, inputOf, logitsLayer, networkFrom, through, widthOption } from './building.js';

/**
 * Multilayer perceptron: flattens a sample, then for each hidden width h = σ(W·x + b), then logits = W·h + b.
 * Takes samples of any shape. `hidden: []` gives a linear classifier. Layers: `hidden_1`, `hidden_2`, …, `logits`.
 * @example mlp({ hidden: [32] })({ inputShape: [28, 28], classes: 10, seed: 1, name: 'student' })
 */
export const mlp = defineModel({
  type: 'mlp',
  options: z.strictObject({
    hidden: z.array(widthOption).default([128]),
    activation: activationOption.default('relu'),
    dropout: dropoutOption.default(0),
  }),
  create:
    ({ hidden, activation, dropout }) =>
    (shape) => {
      const initial = initialWeights(shape);
      const input = inputOf(shape);
      const flat = through(input, layers.reshape({ name: 'flatten', targetShape: [shape.inputShape.reduce((a, b) => a * b, 1)] }));
      const features = denseStack(flat, 'hidden', { widths: hidden, activation, rate: dropout }, initial);
      return networkFrom(shape, input, through(features, logitsLayer(shape, initial)));
    },
});
