import { defineModel } from '@temper/core';
import { z } from 'zod';
import { networks } from '#networks';
import { activationOption, dropoutOption, widthsOption } from './options.js';

const options = z.strictObject({
  hidden: widthsOption.default([128]),
  activation: activationOption.default('relu'),
  dropout: dropoutOption.default(0),
});

/** What `mlp` is built by. */
export type MlpOptions = z.infer<typeof options>;

/**
 * Multilayer perceptron: flattens a sample, then for each hidden width h = σ(W·x + b), then logits = W·h + b.
 * Takes samples of any shape. `hidden: []` gives a linear classifier. Layers: `hidden_1`, `hidden_2`, …, `logits`.
 * @throws TemperError `model/invalid` for more than `limits.parameters` values.
 * @example mlp({ hidden: [32] })({ inputShape: [28, 28], classes: 10, seed: 1, name: 'student' })
 */
export const mlp = defineModel({
  type: 'mlp',
  options,
  create: (options) => (shape) => networks.mlp(options, shape),
});
