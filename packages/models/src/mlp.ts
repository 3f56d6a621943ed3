import { layers } from '@tensorflow/tfjs-layers';
import { defineModel } from '@temper/core';
import { z } from 'zod';
import { activation, dropoutRate, initialWeights, inputOf, networkFrom, through, width } from './building.js';
import { dropoutLayer } from './layers/dropout.js';

/**
 * Multilayer perceptron: flattens a sample, then for each hidden width h = σ(W·x + b), then logits = W·h + b.
 * Takes samples of any shape. `hidden: []` gives a linear classifier. Layers: `hidden_1`, `hidden_2`, …, `logits`.
 * @example mlp({ hidden: [32] })({ inputShape: [28, 28], classes: 10, seed: 1, name: 'student' })
 */
export const mlp = defineModel({
  type: 'mlp',
  options: z.strictObject({
    hidden: z.array(width).default([128]),
    activation: activation.default('relu'),
    dropout: dropoutRate.default(0),
  }),
  create:
    ({ hidden, activation, dropout }) =>
    (shape) => {
      const initial = initialWeights(shape);
      const input = inputOf(shape);
      const flat = through(input, layers.reshape({ name: 'flatten', targetShape: [shape.inputShape.reduce((a, b) => a * b, 1)] }));
      const features = hidden.reduce((x, units, i) => {
        const name = `hidden_${i + 1}`;
        return through(
          x,
          layers.dense({ name, units, activation, kernelInitializer: initial.hidden(name) }),
          ...dropoutLayer(`dropout_${i + 1}`, dropout),
        );
      }, flat);
      const logits = through(features, layers.dense({ name: 'logits', units: shape.classes, kernelInitializer: initial.output('logits') }));
      return networkFrom(shape, input, logits);
    },
});
