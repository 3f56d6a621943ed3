import { defineModel } from '@temper/core';
import { networks } from '#networks';
import { mlpOptions } from './options/mlp.js';

/**
 * Multilayer perceptron: flattens a sample, then for each hidden width h = σ(W·x + b), then logits = W·h + b.
 * Takes samples of any shape. `hidden: []` gives a linear classifier. Layers: `hidden_1`, `hidden_2`, …, `logits`.
 * @throws TemperError `model/invalid` for more than `limits.parameters` values.
 * @example mlp({ hidden: [32] })({ inputShape: [28, 28], classes: 10, seed: 1, name: 'student' })
 */
export const mlp = defineModel({
  type: 'mlp',
  options: mlpOptions,
  create: (options) => (shape) => networks.mlp(options, shape),
});
