import { defineModel } from '@temper/core';
import { networks } from '#networks';
import { transformerOptions } from './options/transformer.js';

/**
 * Small causal transformer over tokens: embeddings of tokens and positions, then blocks
 * x + attention(norm(x)), x + W₂·gelu(W₁·norm(x)), a last norm and logits at every position. Takes samples `[length]` of whole numbers
 * from 0 to `vocabulary` − 1 (default: the number of classes) and gives `[batch, length, classes]`, where a position sees
 * itself and those before it. Layers to tap: `block_1`, `block_2`, …, `features`, `logits`.
 * @throws TemperError `model/invalid` for samples that are no sequences, and for more than `limits.parameters` values.
 * @see arXiv 1706.03762
 * @example transformer({ layers: 2, width: 128, heads: 4 })({ inputShape: [128], classes: 65, seed: 1, name: 'student' })
 */
export const transformer = defineModel({
  type: 'transformer',
  options: transformerOptions,
  create: (options) => (shape) => networks.transformer(options, shape),
});
