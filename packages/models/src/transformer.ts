import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { defineModel } from '@temper/core';
import { z } from 'zod';
import {
  dropoutOption,
  initialWeights,
  inputOf,
  logitsLayer,
  misfit,
  networkFrom,
  sizes,
  through,
  widthOption,
  type InitialWeights,
} from './building.js';
import { CausalAttention } from './layers/causal-attention.js';
import { dropout } from './layers/dropout.js';
import { LayerNorm } from './layers/layer-norm.js';
import { PositionEmbedding } from './layers/position-embedding.js';

/**
 * Small causal transformer over tokens: embeddings of tokens and positions, then blocks
 * x + attention(norm(x)), x + W₂·gelu(W₁·norm(x)), a last norm and logits at every position. Takes samples `[length]` of whole numbers
 * from 0 to `vocabulary` − 1 (default: the number of classes) and gives `[batch, length, classes]`, where a position sees
 * itself and those before it. Layers to tap: `block_1`, `block_2`, …, `features`, `logits`.
 * @throws TemperError `model/invalid` for samples that are no sequences.
 * @see arXiv 1706.03762
 * @example transformer({ layers: 2, width: 128, heads: 4 })({ inputShape: [128], classes: 65, seed: 1, name: 'student' })
 */
export const transformer = defineModel({
  type: 'transformer',
  options: z
    .strictObject({
      vocabulary: z.int().min(1).max(10_000_000).optional(),
      layers: z.int().min(1).max(1000).default(2),
      width: widthOption.default(128),
      heads: z.int().min(1).default(4),
      feedForward: widthOption.optional(),
      dropout: dropoutOption.default(0),
    })
    .refine(({ width, heads }) => width % heads === 0, { path: ['heads'], message: 'must divide width' }),
  create: (options) => (shape) => {
    const { vocabulary = shape.classes, width, heads, feedForward = 4 * width } = options;
    if (shape.inputShape.length !== 1) {
      throw misfit(
        'transformer',
        shape,
        `takes sequences of tokens, [length]; the data's samples are ${sizes(shape.inputShape)}`,
        'Choose another model, or data of token sequences.',
      );
    }
    const initial = initialWeights(shape);
    const input = inputOf(shape, 'int32');
    let x = through(
      input,
      layers.embedding({ name: 'tokens', inputDim: vocabulary, outputDim: width, embeddingsInitializer: initial.embedding('tokens') }),
      new PositionEmbedding({ name: 'positions', initializer: initial.embedding('positions') }),
      ...dropout('dropout_0', options.dropout, 0),
    );
    for (let i = 1; i <= options.layers; i++) x = block(x, i, { width, heads, feedForward, rate: options.dropout }, initial);
    return networkFrom(shape, input, through(x, new LayerNorm({ name: 'features' }), logitsLayer(shape, initial)));
  },
});

interface Block {
  readonly width: number;
  readonly heads: number;
  readonly feedForward: number;
  readonly rate: number;
}

function block(x: SymbolicTensor, number: number, { width, heads, feedForward, rate }: Block, initial: InitialWeights): SymbolicTensor {
  const name = `block_${number}`;
  const dense = (part: string, units: number, activation: 'gelu' | 'linear' = 'linear'): layers.Layer =>
    layers.dense({ name: `${name}_${part}`, units, activation, kernelInitializer: initial.output(`${name}_${part}`) });
  const norm = (part: string): layers.Layer => new LayerNorm({ name: `${name}_${part}` });
  const plus = (part: string, a: SymbolicTensor, b: SymbolicTensor): SymbolicTensor => layers.add({ name: part }).apply([a, b]) as SymbolicTensor;
  const attended = through(
    x,
    norm('norm_1'),
    dense('queries_keys_values', 3 * width),
    new CausalAttention({ name: `${name}_attention`, heads }),
    dense('attention_output', width),
    ...dropout(`dropout_${2 * number - 1}`, rate, 2 * number - 1),
  );
  const between = plus(`${name}_sum`, x, attended);
  const transformed = through(
    between,
    norm('norm_2'),
    dense('feed_forward', feedForward, 'gelu'),
    dense('feed_forward_output', width),
    ...dropout(`dropout_${2 * number}`, rate, 2 * number),
  );
  return plus(name, between, transformed);
}
