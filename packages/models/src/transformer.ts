import { defineModel, limits } from '@temper/core';
import { z } from 'zod';
import { networks } from '#networks';
import { dropoutOption, layersOption, widthOption } from './options.js';

const options = z
  .strictObject({
    vocabulary: z.int().min(1).max(limits.vocabulary).optional(),
    layers: layersOption.default(2),
    width: widthOption.default(128),
    heads: z.int().min(1).max(limits.heads).default(4),
    feedForward: widthOption.optional(),
    dropout: dropoutOption.default(0),
  })
  .refine(({ width, heads }) => width % heads === 0, { path: ['heads'], message: 'must divide width' });

/** What `transformer` is built by. */
export type TransformerOptions = z.infer<typeof options>;

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
  options,
  create: (options) => (shape) => networks.transformer(options, shape),
});
