import { layers, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { NetworkShape } from '@temper/core';
import type { TransformerOptions } from '../options/transformer.js';
import { initialWeights, inputOf, logitsLayer, misfit, networkFrom, sizes, through, type InitialWeights } from './building.js';
import { checkParameters, denseValues } from './parameters.js';
import { CausalAttention } from '../layers/causal-attention.js';
import { dropout } from '../layers/dropout.js';
import { LayerNorm } from '../layers/layer-norm.js';
import { PositionEmbedding } from '../layers/position-embedding.js';

/** The network of `transformer`. */
export function transformer(options: TransformerOptions, shape: NetworkShape): LayersModel {
  const { vocabulary = shape.classes, width, heads, feedForward = 4 * width } = options;
  if (shape.inputShape.length !== 1) {
    throw misfit(
      'transformer',
      shape,
      `takes sequences of tokens, [length]; the data's samples are ${sizes(shape.inputShape)}`,
      'Choose another model, or data of token sequences.',
    );
  }
  checkParameters('transformer', shape, countOf({ vocabulary, width, layers: options.layers, feedForward }, shape));
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
}

function countOf(
  { vocabulary, width, layers, feedForward }: Readonly<Record<'vocabulary' | 'width' | 'layers' | 'feedForward', number>>,
  { inputShape: [length = 0], classes }: NetworkShape,
): number {
  const attention = denseValues(width, 3 * width) + denseValues(width, width);
  const block = attention + denseValues(width, feedForward) + denseValues(feedForward, width) + 4 * width;
  return (vocabulary + length) * width + layers * block + 2 * width + denseValues(width, classes);
}

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
  const plus = (part: string, a: SymbolicTensor, b: SymbolicTensor): SymbolicTensor =>
    layers.add({ name: part }).apply([a, b]) as SymbolicTensor;
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
